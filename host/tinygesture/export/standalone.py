"""A compiled model as a folder of C++ that needs nothing else: for any project, on any processor.

Everything in it is in a namespace of the model's own, the kernels too, so that several models go
into one program.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import jinja2

from tinygesture.dataset.files import clear_errors, replace_folder
from tinygesture.errors import UserError
from tinygesture.export.compiler import CompiledModel

README = "README.md"
_OURS = "namespace tinygesture"
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# keywords of C++, and what else is taken
_RESERVED = re.compile(
    r"(?!model_)("
    r"alignas|alignof|and|and_eq|asm|auto|bitand|bitor|bool|break|case|catch|char(\d+_t)?|class|compl|"
    r"concept|const|consteval|constexpr|constinit|(const|dynamic|reinterpret|static)_cast|continue|"
    r"co_(await|return|yield)|decltype|default|delete|do|double|else|enum|explicit|export|extern|"
    r"false|float|for|friend|goto|if|inline|int|kernels|linux|long|main|mutable|namespace|new|"
    r"noexcept|not|not_eq|nullptr|operator|or|or_eq|private|protected|public|register|requires|"
    r"return|short|signed|sizeof|static|static_assert|std|struct|switch|template|this|thread_local|"
    r"throw|true|try|typedef|typeid|typename|union|unix|unsigned|using|virtual|void|volatile|"
    r"wchar_t|while|xor|xor_eq|"
    # what <stdint.h>, <string.h> and <stdio.h> declare
    r"\w+_t|(mem|str|stp)\w+|\w*(printf|scanf)|basename|bcmp|bcopy|\w*bzero|clearerr|ctermid|cuserid|"
    r"ffs|ffsl|ffsll|fls|flsl|flsll|f(close|closeall|dopen|eof|error|flush|getc|getpos|gets|ileno|"
    r"lockfile|memopen|open|opencookie|purge|putc|puts|read|reopen|seek|seeko|setpos|tell|tello|"
    r"trylockfile|unlockfile|unopen|write)|getc|getchar|getdelim|getline|gets|getw|index|"
    r"open_memstream|pclose|perror|popen|putc|putchar|puts|putw|rawmemchr|remove|rename|renameat2?|"
    r"rewind|rindex|select|pselect|set(|line|v)buf|setbuffer|tempnam|tmpfile|tmpnam|ungetc|"
    r"\w+(64|_unlocked|_r|_np))"
)


def namespace_of(path: str) -> str:
    """A C++ identifier from a file's name: "My model-2.tflite" -> "my_model_2"."""
    text = re.sub(r"[\W_]+", "_", Path(path).stem, flags=re.ASCII).strip("_").lower()
    known = _IDENTIFIER.fullmatch(text) and not _RESERVED.fullmatch(text)
    return text if known else f"model_{text}".strip("_")


def check_namespace(name: str) -> str:
    """The name. Raises UserError for one that C++ does not take."""
    if not _IDENTIFIER.fullmatch(name) or "__" in name or _RESERVED.fullmatch(name):
        raise UserError(
            f"{name!r} cannot be a namespace in C++: take letters, digits and single underscores, "
            "a letter first, and no word that C++ has taken."
        )
    return name


def standalone(compiled: CompiledModel, model: str, namespace: str, root: Path) -> dict[str, str]:
    """File name -> text. model: the name of the .tflite file; root: of the clone."""
    folder = root / "firmware" / "lib" / "kernels"
    library = {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}
    headers = _needed(compiled.source, library)
    files = {
        "compiled_model.h": _own(compiled.header, namespace),
        "compiled_model.cpp": _own(compiled.source, namespace),
        "kernels.h": _all(headers, library),
        "LICENSE": (root / "LICENSE").read_text("utf-8"),
    }
    for header in headers:
        source = header.replace(".h", ".cpp")
        texts = {name: library[name] for name in (header, source) if name in library}
        files |= {name: _own(text, namespace) for name, text in texts.items()}
    files[README] = _readme(compiled, model, namespace, sorted(files))
    return dict(sorted(files.items()))


def write(folder: Path, files: Mapping[str, str], root: Path) -> None:
    """Write the folder whole or not at all; one that was written so before is replaced.

    Raises UserError where the folder holds anything else, or cannot be written.
    """
    known = {path.name for path in (root / "firmware" / "lib" / "kernels").iterdir()} | set(files)
    with clear_errors(folder, "read"):
        others = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    others = [name for name in others if name not in known]
    if others:
        raise UserError(
            f"{folder} holds {others[0]}, which compile does not write: name a folder that is new, "
            "or one that compile made before."
        )
    replace_folder(folder, {name: text.encode() for name, text in files.items()})


def _own(text: str, namespace: str) -> str:
    """A source of this project in another namespace."""
    text = text.replace("namespace compiled_model {\n", "").replace(
        "}  // namespace compiled_model\n", ""
    )
    return text.replace(_OURS, f"namespace {namespace}")


def _needed(source: str, library: Mapping[str, str]) -> list[str]:
    """The headers of what a source calls, and those that they include, kernels.h aside."""
    called = set(re.findall(r"\bkernels::(\w+)", source))
    headers = [name for name in library if name.endswith(".h") and name != "kernels.h"]
    needed: set[str] = set()
    declared = {name: rf"\b{name}\(|\b(struct|using) {name}\b" for name in called}
    waiting = [h for h in headers if any(re.search(d, library[h]) for d in declared.values())]
    while waiting:
        header = waiting.pop()
        if header not in needed:
            needed.add(header)
            waiting += _included(header, library)
    return sorted(needed)


def _included(header: str, library: Mapping[str, str]) -> Iterator[str]:
    for name in (header, header.replace(".h", ".cpp")):
        yield from re.findall(r'#include "([^"]+)"', library.get(name, ""))


def _all(headers: list[str], library: Mapping[str, str]) -> str:
    """kernels.h with those headers only."""
    lines = library["kernels.h"].splitlines()
    kept = [line for line in lines if '"' not in line or line.split('"')[1] in headers]
    return "\n".join([*kept, ""])


def _readme(compiled: CompiledModel, model: str, namespace: str, files: list[str]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    ports = re.findall(r"constexpr float (k\w+)Scale", compiled.header)
    buffers = [(port[1:].lower(), port) for port in ports]
    return environment.get_template("standalone.md.j2").render(
        compiled=compiled, model=model, namespace=namespace, files=files, buffers=buffers
    )
