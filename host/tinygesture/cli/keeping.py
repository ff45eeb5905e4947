"""From a training to models/NAME: only what the virtual boards compute exactly is kept."""

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tinygesture import project
from tinygesture.boards.platformio import DRAFT
from tinygesture.cli.output import Output
from tinygesture.cli.progress import Stages, stages
from tinygesture.cli.running import Interrupted
from tinygesture.cli.trial import counted, trial
from tinygesture.dataset.files import clear_errors
from tinygesture.errors import UserError
from tinygesture.export.bundle import Bundle, write_bundle
from tinygesture.export.pipeline import Result
from tinygesture.report.model import with_report

ROOM = 4_000_000  # bytes; a bundle has about one million
ABANDONED_S = 24 * 3600.0  # no training takes so long


def keep(out: Output, make: Callable[[Path, Stages], Result]) -> Result | None:
    """Make a bundle in a folder given, try it on the virtual boards, and put it into models/.

    It gets a report, and its manifest "golden" and "benchmark". None, with a sentence, where a
    board computes something else.
    """
    scratch, models = expect_room()
    _sweep(scratch)
    try:
        return _kept(out, make, scratch, models)
    except KeyboardInterrupt:
        raise Interrupted("Stopped: no model was written.") from None


def expect_room() -> tuple[Path, Path]:
    """The folders of drafts and of models; UserError where nothing fits into one of them."""
    scratch, models = project.root() / ".tinygesture", project.models()
    for folder in (scratch, models):
        with clear_errors(folder, "write into"):
            folder.mkdir(exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        if (room := shutil.disk_usage(folder).free) < ROOM:
            raise UserError(
                f"The disk of {folder} has room for {room // 1000:,} kB, and a model may need "
                f"{ROOM // 1000:,}. Free some space, and repeat the command."
            )
    return scratch, models


def _kept(
    out: Output, make: Callable[[Path, Stages], Result], scratch: Path, models: Path
) -> Result | None:
    with tempfile.TemporaryDirectory(prefix=DRAFT, dir=scratch) as draft:
        with stages(out) as progress:
            result = make(Path(draft), progress)
        golden = trial(out, result.bundle)
        if False in golden.values():
            failed = ", ".join(f"sim://{board}" for board, equal in golden.items() if not equal)
            out.say(
                f"On {failed} the model computes something else than on the host, so it was not "
                "kept. This is a fault of tinygesture: please report it, with the data set."
            )
            return None
        found = {"golden": golden, "benchmark": counted(out, result.bundle)}
        complete = with_report(result.bundle, Path(draft), found)
    return replace(result, bundle=_placed(complete, models, scratch / "finished"))


def _placed(bundle: Bundle, models: Path, shelter: Path) -> Bundle:
    """The bundle in models/; where it cannot be written, its training is not lost for that."""
    try:
        return write_bundle(models, bundle.name, bundle.manifest, bundle.files)
    except UserError as error:
        kept = None
        with suppress(UserError):
            kept = write_bundle(shelter, bundle.name, bundle.manifest, bundle.files)
        if kept is None:
            raise
        raise UserError(
            f"{error} The finished model is in {kept.path}: move it to {models / bundle.name}."
        ) from error


def _sweep(scratch: Path) -> None:
    """Remove the drafts of trainings that were killed long ago."""
    for draft in scratch.glob(f"{DRAFT}*"):
        if time.time() - draft.stat().st_mtime > ABANDONED_S:
            shutil.rmtree(draft, ignore_errors=True)
