"""What a model costs and where it comes from, as rows of tables."""

from collections.abc import Mapping
from typing import Any


def costs(manifest: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, figure, of what it is the figure). Instructions only where they were counted."""
    sizes = manifest["sizes"]
    rows = [
        ("multiply-accumulates", f"{sizes['macs']:,}", "for an answer"),
        ("weights", f"{sizes['compiled_weight_bytes']:,} B", "of flash, compiled"),
        (
            "RAM",
            f"{sizes['compiled_arena_bytes'] + sizes['compiled_state_bytes']:,} B",
            "arena and state, compiled",
        ),
        ("model.tflite", f"{sizes['tflite_bytes']:,} B", "with its metadata"),
        ("RAM in TensorFlow Lite Micro", f"{sizes['tflm_arena_bytes']:,} B", "its arena"),
    ]
    if not manifest["whole_windows"]:
        rows.insert(1, ("of a whole window", f"{sizes['window_macs']:,}", "were it not streamed"))
    counted = manifest.get("benchmark")
    if not counted:
        return rows
    per_second = manifest["input"]["rate_hz"] / manifest["input"]["hop"]
    instructions = counted["instructions_per_inference"]
    flash = counted["flash_bytes"]
    return [
        ("instructions", f"{instructions:,}", "for an answer, the costliest of random inputs"),
        ("instructions in a second", f"{instructions * per_second:,.0f}", "of continuous motion"),
        (
            "flash of the model",
            f"{sum(flash.values()):,} B",
            ", ".join(f"{name} {size:,}" for name, size in flash.items()),
        ),
        ("stack", f"{counted['stack_bytes']:,} B", "of an inference"),
        *rows,
    ]


def origin(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Hashes, versions and the machine."""
    proven = [f"sim://{board}" for board, equal in manifest.get("golden", {}).items() if equal]
    machine = manifest["machine"]
    return [
        ("model id", manifest["model_id"]),
        ("data, SHA-256", manifest["data"]["sha256"]),
        ("configuration, SHA-256", manifest["configuration_sha256"]),
        ("code, SHA-256", manifest["code_sha256"]),
        *_background(manifest),
        ("computes the same", f"{manifest['arbiter']}, {', '.join(proven)}".removesuffix(", ")),
        ("machine", f"{machine['cpu']}, {machine['platform']}"),
        *((name, version) for name, version in manifest["versions"].items() if version),
    ]


def _background(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    given = manifest.get("background")
    if not given:
        return []
    words = f"{given['synthetic_minutes']:g} minutes by {given['people']} virtual people"
    return [("background to train on", f"{words}, synthetic")]


def flat(settings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Nested settings as rows: ("augmentation, tilt", "15")."""
    rows = []
    for name, value in settings.items():
        words = f"{prefix}{name.replace('_', ' ')}"
        if isinstance(value, Mapping):
            rows += flat(value, f"{words}, ")
        else:
            shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            rows.append((words, shown))
    return rows


def files(manifest: Mapping[str, Any], without: str) -> list[tuple[str, str]]:
    """(name, SHA-256) of the bundle's files but one."""
    return sorted((name, sha256) for name, sha256 in manifest["files"].items() if name != without)
