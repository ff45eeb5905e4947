"""Writes golden.h: what Python's twins compute, for the boards to compute again.

    python tests/firmware/make_golden.py

A host test fails where golden.h is not what this script writes.
"""

from dataclasses import astuple
from pathlib import Path

import numpy as np

from tinygesture.contract import Quantisation, Resampler
from tinygesture.detector import Detector, DetectorConfig
from tinygesture.link.frame import encode_frame

TARGET = Path(__file__).with_name("golden.h")
QUANTISATION = Quantisation((254, 254, 254, 731, 731, 731), 16)
CONFIG = DetectorConfig(20, 16, 48, background=0b1001, thresholds=(140, 110, 150, 140), doubt=24)
LABELS, HOP, STEPS = 4, 4, 400


def array(kind: str, name: str, values: np.ndarray) -> str:
    """A C array of the values, wrapped."""
    numbers = [str(value) for value in np.ravel(values).tolist()]
    lines = [", ".join(numbers[i : i + 16]) for i in range(0, len(numbers), 16)]
    body = ",\n    ".join(lines)
    return f"const {kind} {name}[] = {{\n    {body}}};\n"


def resampling(rng: np.random.Generator) -> str:
    """Samples with jitter, gaps, repeats and a wrap of the clock -> canonical int8 inputs."""
    steps = rng.integers(7_000, 10_000, 220)
    steps[[40, 41, 90, 150]] = [60_000, 1, 0, 49_999]
    t_us = (2**32 - 800_000 + np.cumsum(steps)) & 0xFFFFFFFF
    counts = rng.integers(-32768, 32768, (len(steps), 6)).astype(np.int16)
    resampler = Resampler()
    canonical = [row for t, c in zip(t_us, counts, strict=True) for row in resampler.push(t, c)[1]]
    return "\n".join(
        [
            array("uint32_t", "kTimes", t_us),
            array("int16_t", "kCounts", counts),
            f"const uint32_t kGaps = {resampler.gaps};",
            array("int16_t", "kCanonical", np.array(canonical)),
            array("int32_t", "kMultipliers", np.array(QUANTISATION.multipliers)),
            f"const uint8_t kShift = {QUANTISATION.shift};",
            array("int8_t", "kInputs", QUANTISATION.quantise(np.array(canonical))),
        ]
    )


def frames(rng: np.random.Generator) -> str:
    """Payloads of awkward lengths and bytes -> one stream of frames."""
    payloads = [b"\0", b"\0" * 300, b"\x01" * 253, b"\x01" * 252, b"\xff" * 508, rng.bytes(510)]
    stream = b"".join(map(encode_frame, payloads))
    return "\n".join(
        [
            array("uint16_t", "kPayloadSizes", np.array([len(p) for p in payloads])),
            array("uint8_t", "kPayloads", np.frombuffer(b"".join(payloads), np.uint8)),
            array("uint8_t", "kStream", np.frombuffer(stream, np.uint8)),
        ]
    )


def events(rng: np.random.Generator) -> str:
    """Probabilities that favour one label for a while -> events."""
    favourites = np.repeat(rng.integers(0, LABELS, STEPS // 10), 10)
    steps = rng.integers(-128, -40, (STEPS, LABELS))
    steps[np.arange(STEPS), favourites] = rng.integers(0, 128, STEPS)
    detector = Detector(CONFIG, HOP)
    rows = []
    for i, row in enumerate(steps.astype(np.int8)):
        event = detector.push(row, i * HOP * 10_000)
        if event is not None:
            rows.append([event.label, event.confidence, event.start_us, event.end_us])
    *numbers, thresholds, doubt = astuple(CONFIG)
    fields = f"{', '.join(map(str, numbers))}, {{{', '.join(map(str, thresholds))}}}, {doubt}"
    return "\n".join(
        [
            f"const tinygesture::DetectorConfig kDetectorConfig = {{{fields}}};",
            f"const uint8_t kLabels = {LABELS};\nconst uint16_t kHop = {HOP};",
            array("int8_t", "kProbabilities", steps),
            array("uint32_t", "kEvents", np.array(rows)),
        ]
    )


def golden() -> str:
    """The whole of golden.h."""
    rng = np.random.default_rng(20)
    return "\n".join(
        [
            "// Made by make_golden.py: what Python's twins compute. Not to be edited.",
            '#pragma once\n#include <stdint.h>\n\n#include "detector.h"\n\nnamespace golden {\n',
            resampling(rng),
            frames(rng),
            events(rng),
            "}  // namespace golden\n",
        ]
    )


if __name__ == "__main__":
    TARGET.write_text(golden())
