"""Any bytes from the host: the app neither crashes nor hangs, and only sends whole messages."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygesture.link import messages as m
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
