"""Any bytes from the host: the app neither crashes nor hangs, and only sends whole messages."""

import struct
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflite_builder import TfliteBuilder
from tinygesture.contract import Quantisation
from tinygesture.detector import DetectorConfig
from tinygesture.export.compiler import compile_model
from tinygesture.export.compiler.plan import Description
from tinygesture.link import messages as m
from tinygesture.link.fields import MAX_PLAN_DATA
from tinygesture.link.frame import FrameDecoder, encode_frame

ROOT = Path(__file__).resolve().parents[3]
LIBRARIES = ("app", "contract", "detector", "imu", "inference", "kernels", "link")
FLAGS = ["-std=c++14", "-Wall", "-Wextra", "-Werror", "-fno-exceptions", "-fno-rtti", "-g", "-O1"]
SANITISERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

batches = st.integers(0, 32).flatmap(
    lambda n: st.builds(
        lambda first, seed: (
            first + np.arange(n) * 10_000,
            np.random.default_rng(seed).integers(-32768, 32768, (n, 6)).astype(np.int16),
        ),
        st.integers(0, 2**32 - 1),
        st.integers(0, 1000),
    )
)
messages = st.one_of(
    st.just(m.Hello()),
    st.just(m.Bye()),
    st.just(m.KeepAlive()),
    st.builds(m.Streams, st.integers(0, 255)),
    st.builds(
        lambda flags, batch: m.Inject(m.InjectFlag(flags), *batch), st.integers(0, 3), batches
    ),
    st.builds(m.Cue, st.sampled_from(m.CueKind), st.text(max_size=60)),
    st.builds(m.PlanBegin, st.sampled_from([0, 4, 20, 100, 2**32 - 1]), st.integers(0, 3)),
    st.builds(m.PlanData, st.sampled_from([0, 4, 20, 2**32 - 1]), st.binary(max_size=100)),
    st.just(m.PlanEnd()),
    st.just(m.PlanRemove()),
)
frames = messages.map(lambda message: encode_frame(m.pack(message)))
forged = st.binary(min_size=1, max_size=40).map(encode_frame)
damaged = st.tuples(frames, st.integers(0, 10_000), st.integers(1, 255)).map(
    lambda t: bytes(b ^ (t[2] if i == t[1] % len(t[0]) else 0) for i, b in enumerate(t[0]))
)
noise = st.binary(max_size=60)
hello = st.just(b"\0" + encode_frame(m.pack(m.Hello())))
conversations = st.lists(st.one_of(hello, frames, forged, damaged, noise), max_size=12)


@pytest.fixture(scope="module")
def fuzz_app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("fuzz") / "fuzz_app"
    folders = [ROOT / "firmware" / "lib" / name for name in LIBRARIES]
    sources = [source for folder in folders for source in folder.glob("*.cpp")]
    sources.append(Path(__file__).with_name("fuzz_app.cpp"))
    includes = [f"-I{folder}" for folder in folders]
    subprocess.run(
        ["g++", *FLAGS, *SANITISERS, *includes, *map(str, sources), "-o", str(target)], check=True
    )
    return target


def talk(fuzz_app: Path, piece: int, said: list[bytes]) -> tuple[FrameDecoder, list]:
    result = subprocess.run(
        [fuzz_app], input=bytes([piece]) + b"".join(said), capture_output=True, timeout=20
    )
    assert result.returncode == 0, result.stderr.decode()
    decoder = FrameDecoder()
    return decoder, decoder.feed(result.stdout)


@settings(max_examples=150)
@given(st.integers(0, 255), conversations)
def test_any_conversation(fuzz_app, piece, said):
    _, payloads = talk(fuzz_app, piece, said)
    answers, malformed = m.unpack_all(payloads)
    assert malformed == 0
    # byte for byte: both sides know the same fields, and no more
    assert [m.pack(answer) for answer in answers] == payloads


DESCRIPTION = Description(
    *("0123456789abcdef", "fuzzed", "gru", ("rest", "lift"), 4, 4),
    Quantisation((256,) * 6, 16),
    DetectorConfig(4, 8, 20, 1, (128, 128)),
)


@pytest.fixture(scope="module")
def plan() -> bytes:
    """Of a model 24 -> 2 with state."""
    b = TfliteBuilder()
    x, h = b.tensor([1, 24], 1 / 128, name="x"), b.tensor([1, 24], 1 / 128, name="h")
    following = b.tensor([1, 24], 1 / 128, name="next")
    b.operator("ADD", [x, h], following)
    weights = np.arange(48, dtype=np.int8).reshape(2, 24) - 20
    logits = b.tensor([1, 2], 0.25)
    b.operator("FULLY_CONNECTED", [following, b.tensor([2, 24], 0.01, data=weights), -1], logits)
    y = b.tensor([1, 2], 1 / 256, -128, name="y")
    b.operator("SOFTMAX", [logits], y, Beta=1.0)
    compiled = compile_model(b.build([x, h], [y, following]), {"h": "next"})
    return compiled.plan.serialised(DESCRIPTION)


def pushed(plan: bytes) -> list[bytes]:
    pieces = [plan[at : at + MAX_PLAN_DATA] for at in range(0, len(plan), MAX_PLAN_DATA)]
    said = [m.PlanBegin(len(plan), 0)]
    said += [m.PlanData(i * MAX_PLAN_DATA, piece) for i, piece in enumerate(pieces)]
    return [encode_frame(m.pack(message)) for message in (*said, m.PlanEnd())]


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from([0, 1, 2, 4, 127, 255])), max_size=3)
)
def test_any_pushed_model(fuzz_app, plan, changes):
    """It is refused, or describes itself and runs."""
    changed = bytearray(plan)
    for at, value in changes:
        changed[16 + at % (len(plan) - 16)] = value
    changed[12:16] = struct.pack("<I", zlib.crc32(changed[16:]))
    start = b"\0" + encode_frame(m.pack(m.Hello()))
    streams = encode_frame(m.pack(m.Streams(15)))
    _, payloads = talk(fuzz_app, 255, [start, *pushed(bytes(changed)), streams, bytes(2000)])
    answers, malformed = m.unpack_all(payloads)
    assert malformed == 0
    infos = [answer for answer in answers if isinstance(answer, m.Info)]
    refused = any(isinstance(answer, m.Error) and answer.code == 5 for answer in answers)
    assert len(infos) == (1 if refused else 2)
    if bytes(changed) == plan:
        assert (infos[1].engine, infos[1].model, infos[1].labels) == (
            *("plan", "fuzzed"),
            ("rest", "lift"),
        )
        assert any(isinstance(answer, m.Probabilities) for answer in answers)


def test_a_model_that_would_keep_the_board_from_listening_is_refused(fuzz_app):
    b = TfliteBuilder()
    values = x = b.tensor([1, 6], 1 / 128, name="x")
    for inputs in (6, *[160] * 9):  # the same weights again and again: a small plan
        data = np.ones((160, inputs), np.int8)
        weights = b.tensor([160, inputs], 0.01, data=data)
        following = b.tensor([1, 160], 1 / 16)
        b.operator("FULLY_CONNECTED", [values, weights, -1], following)
        values = following
    y = b.tensor([1, 2], 1 / 256, -128, name="y")
    logits = b.tensor([1, 2], 0.25)
    last = b.tensor([2, 160], 0.01, data=np.ones((2, 160), np.int8))
    b.operator("FULLY_CONNECTED", [values, last, -1], logits)
    b.operator("SOFTMAX", [logits], y, Beta=1.0)
    slow = compile_model(b.build([x], [y])).plan.serialised(replace(DESCRIPTION, window=1, hop=1))
    start = b"\0" + encode_frame(m.pack(m.Hello()))
    _, payloads = talk(fuzz_app, 255, [start, *pushed(slow)])
    answers, _ = m.unpack_all(payloads)
    [refusal] = [answer for answer in answers if isinstance(answer, m.Error)]
    assert "longer than the time" in refusal.text


@settings(max_examples=30)
@given(st.integers(0, 255), st.lists(frames, max_size=8))
def test_every_undamaged_injection_is_answered(fuzz_app, piece, said):
    within = [frame for frame in said if frame_type(frame) not in (m.Hello.TYPE, m.Bye.TYPE)]
    start = b"\0" + encode_frame(m.pack(m.Hello()))
    decoder, payloads = talk(fuzz_app, piece, [start, *within])
    answers, _ = m.unpack_all(payloads)
    injections = sum(frame_type(frame) == m.Inject.TYPE for frame in within)
    assert sum(isinstance(answer, m.Injected) for answer in answers) == injections
    assert decoder.errors == 0


def frame_type(frame: bytes) -> int:
    decoder = FrameDecoder()
    return decoder.feed(b"\0" + frame)[0][0]
