"""Let PlatformIO build for the virtual boards where its package registry cannot be reached.

Usage: python scripts/platformio_offline.py CORE_DIR

PlatformIO downloads two packages before it builds anything on the host: SCons, and the platform
`native`. Where the registry does not answer, this writes both into CORE_DIR as manifests with a few
lines of code: SCons itself comes from PyPI, the compiler from the machine. Where the registry
answers, it takes them away again. Real packages are never touched.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import requests
import SCons
from platformio import __registry_mirror_hosts__ as registry_hosts
from platformio.dependencies import get_core_dependencies

OURS = ".written-by-tinygesture"

SCONS = """\
from SCons.Script.Main import main

main()
"""

NATIVE_BUILDER = """\
from SCons.Script import AlwaysBuild, Default, DefaultEnvironment

env = DefaultEnvironment()
program = env.BuildProgram()
run = env.VerboseAction("$PROG_PATH $PROGRAM_ARGS", "Executing $PROG_PATH")
AlwaysBuild(env.Alias("exec", program, run))
AlwaysBuild(env.Alias("upload", program))
Default(program)
"""


def main(core_dir: Path) -> None:
    for marker in core_dir.glob(f"*/*/{OURS}"):
        shutil.rmtree(marker.parent)
    if registry_answers():
        return
    sys.stderr.write("PlatformIO's registry does not answer: SCons comes from PyPI instead.\n")
    scons = scons_package_version()
    write(core_dir / "packages/tool-scons", "package.json", {"version": scons}, {"scons.py": SCONS})
    write(
        core_dir / "platforms/native",
        "platform.json",
        {"title": "Native", "version": "1.2.1", "engines": {"platformio": "^6"}, "packages": {}},
        {"builder/main.py": NATIVE_BUILDER},
    )


def registry_answers() -> bool:
    for host in registry_hosts:
        try:
            path = "v3/packages/platformio/tool/tool-scons"
            if requests.get(f"https://api.{host}/{path}", timeout=4).ok:
                return True
        except requests.RequestException:
            continue
    return False


def scons_package_version() -> str:
    """What PlatformIO asks for: `~4.41101.0` is SCons 4.11.1."""
    wanted = get_core_dependencies()["tool-scons"].lstrip("~^=>")
    major, minor, patch = re.match(r"(\d+)\.\d(\d\d)(\d\d)\.", wanted).groups()
    if f"{major}.{int(minor)}.{int(patch)}" != SCons.__version__:
        sys.exit(
            f"PlatformIO wants its package tool-scons {wanted}, but SCons {SCons.__version__} is "
            "installed: pin the matching version in pyproject.toml and run `make lock`."
        )
    return wanted


def write(folder: Path, manifest_name: str, manifest: dict, files: dict[str, str]) -> None:
    """Write a package that PlatformIO takes for installed from its registry."""
    if folder.exists():
        return  # the real one
    folder.mkdir(parents=True)
    (folder / OURS).touch()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    kind = "platform" if manifest_name == "platform.json" else "tool"
    installed = {"type": kind, "name": folder.name, "version": manifest["version"]}
    origin = {"owner": "platformio", "name": folder.name}
    (folder / manifest_name).write_text(json.dumps({"name": folder.name, **manifest}))
    (folder / ".piopm").write_text(json.dumps({**installed, "spec": origin}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
