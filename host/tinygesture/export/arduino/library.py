"""The files of the library, and the zip that the Arduino IDE installs.

All sources lie in one folder, src/tinygesture, so that they find each other's headers: the IDE
compiles every file below src, with nothing but src itself on the include path.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2

import tinygesture
from tinygesture.export.bundle import Bundle

NAME = "TinyGesture"
PARTS = ("app", "contract", "detector", "imu", "inference", "kernels", "link")
FOR_VIRTUAL_BOARDS = {"fed_imu.h", "fed_imu.cpp"}
OF_THE_BUNDLE = ("compiled_model.h", "compiled_model.cpp", "model_config.h")
WITH_MODEL = "TINYGESTURE_MODEL"  # defined by PlatformIO's build; the IDE knows no such option
_EPOCH = (1980, 1, 1, 0, 0, 0)


def library(bundle: Bundle, root: Path) -> dict[str, bytes]:
    """Path inside the library -> content, in order; root: of the clone.

    Every line ends in \\n, so that all computers make the same library.
    """
    functions = _functions(bundle)
    known = {
        "version": tinygesture.__version__,
        "model": bundle.name,
        "model_id": bundle.model_id,
        "labels": list(functions),
        "functions": functions,
    }
    files = {
        "library.properties": _rendered("library.properties", known),
        "keywords.txt": _rendered("keywords.txt", known),
        "CMakeLists.txt": _rendered("CMakeLists.txt", known),
        "LICENSE": _text(root / "LICENSE"),
    }
    for example in ("Recognise", "Stream"):
        files[f"examples/{example}/{example}.ino"] = _rendered(f"{example}.ino", known)
    files |= dict(_sources(root / "firmware"))
    for name in OF_THE_BUNDLE:
        files[f"src/tinygesture/{name}"] = bundle.files[name].decode().replace("\r\n", "\n")
    return {path: files[path].encode() for path in sorted(files)}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The same bytes for the same files, on every computer: not compressed, not dated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(f"{NAME}/{path}", _EPOCH)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _sources(firmware: Path) -> Iterator[tuple[str, str]]:
    for name in ("TinyGesture.h", "TinyGesture.cpp"):
        yield f"src/{name}", _text(firmware / "arduino" / name)
    folders = [firmware / "lib" / part for part in PARTS]
    folders.append(firmware / "boards" / "nano33ble")
    found = [path for folder in folders for path in folder.iterdir()]
    found += firmware.glob("arduino/recogniser.*")
    for path in found:
        if path.suffix in {".h", ".cpp"} and path.name not in FOR_VIRTUAL_BOARDS:
            text = _text(path)
            defined = f"#define {WITH_MODEL}\n" if WITH_MODEL in text else ""
            yield f"src/tinygesture/{path.name}", defined + text


def _functions(bundle: Bundle) -> dict[str, str]:
    """Label -> the name of its function in the example; background is never reported."""
    background = bundle.detector.background
    gestures = [label for i, label in enumerate(bundle.labels) if not background >> i & 1]
    names: dict[str, str] = {}
    for label in gestures:
        name = "on_" + re.sub(r"\W", "_", label, flags=re.ASCII)
        while name in names.values():
            name += "_"
        names[label] = name
    return names


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _rendered(name: str, known: Mapping[str, Any]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template(f"{name}.j2").render(known)
