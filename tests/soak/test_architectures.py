"""Every architecture, through the installed command and onto both virtual boards."""

import pytest

from system.clone import Clone, runnable
from tinygesture.synth import make_dataset
from tinygesture.training.architectures import ARCHITECTURES


@pytest.mark.timeout(600)
@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_the_boards_compute_what_tflm_computes(arch, tmp_path):
    clone = Clone(tmp_path)
    make_dataset(tmp_path / "data", ("circle", "punch", "rest"), subjects=[1, 2, 3, 4], count=4)
    train = ("train-and-export", "data", "--arch", arch, "--name", "soaked", "--json")
    done = clone.run(*train, timeout=400)
    assert done.status == 0, done.stderr
    [said] = done.json
    assert said["arch"] == arch
    for board in runnable():
        assert said["golden"][board] is True
        flash = ("tinygesture", "flash", "soaked", "--board", board)
        assert clone.run(*flash, timeout=120).status == 0
        verify = ("tinygesture", "verify", "soaked", "--port", f"sim://{board}", "--json")
        [compared] = clone.run(*verify).json
        assert compared["vectors"] == compared["equal"] > 100
