"""Check this computer, and say what to do."""

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED

SIGNS = {"good": ("✓", "green"), "limited": ("!", "yellow"), "bad": ("✗", "red")}


@click.command()
@json_option
def command(as_json: bool) -> int:
    """Check this computer: Python, packages, PlatformIO, compilers, emulator, boards and ports.

    \b
    Example:
      tinygesture doctor
    """
    from tinygesture.cli.checkup import checkup

    out = Output(as_json)
    findings = checkup()
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        sign, colour = SIGNS[finding.state]
        out.say(f"{click.style(sign, colour)} {finding.what:{width}}  {finding.found}")
        if finding.advice:
            out.say(f"  {'':{width}}  {finding.advice}")
        out.emit(finding._asdict())
    bad = [finding.what for finding in findings if finding.state == "bad"]
    limited = [finding.what for finding in findings if finding.state == "limited"]
    if bad:
        out.say(f"Not in order: {', '.join(bad)}.")
        return FAILED
    out.say(
        f"In order, with limits: {', '.join(limited)}." if limited else "Everything is in order."
    )
    return 0
