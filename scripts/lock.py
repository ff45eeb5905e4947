"""Write requirements.lock and tests/host/packaging/wheels.json from pyproject.toml: `make lock`.

requirements.lock is what set-up installs: the newest versions that pyproject.toml allows of the
base, the extra `train` and the group `dev`, with hashes and environment markers. wheels.json names
the files that exist of each of them, so that a test can tell without a network where each part
installs. Both come from one resolution; uv's own lock file is dropped, because it names the hosts
that the files lie on.
"""

import json
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by `make lock` from pyproject.toml; installed by ./setup.\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copy(ROOT / "pyproject.toml", project)
        uv(project, "lock")
        everything = export(project, "--all-extras", "--all-groups")
        base = export(project, "--no-default-groups", "--no-hashes")
        train = export(project, "--no-default-groups", "--no-hashes", "--extra", "train")
        packages = tomllib.loads((project / "uv.lock").read_text())["package"]

    files = {
        f"{package['name']}=={package['version']}": sorted(map(file_name, downloads(package)))
        for package in packages
        if package["name"] != "tinygesture"
    }
    (ROOT / "requirements.lock").write_text(HEADER + everything)
    (ROOT / "tests/host/packaging/wheels.json").write_text(
        json.dumps(
            {"base": base.splitlines(), "train": train.splitlines(), "files": files}, indent=1
        )
        + "\n"
    )


def uv(project: Path, *arguments: str) -> str:
    command = [shutil.which("uv") or str(ROOT / ".venv/bin/uv"), "--no-progress", *arguments]
    return subprocess.run(
        command, cwd=project, check=True, text=True, stdout=subprocess.PIPE
    ).stdout


def export(project: Path, *parts: str) -> str:
    plain = ("--no-header", "--no-annotate", "--no-emit-project")
    return uv(project, "export", "--frozen", "--quiet", *plain, *parts)


def downloads(package: dict) -> list[dict]:
    source = [package["sdist"]] if "sdist" in package else []
    return [*source, *package.get("wheels", [])]


def file_name(download: dict) -> str:
    return PurePosixPath(urlsplit(download["url"]).path).name


if __name__ == "__main__":
    main()
