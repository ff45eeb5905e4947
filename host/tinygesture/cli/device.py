"""A whole data set through a board, beside the host, and what the board measures meanwhile."""

from dataclasses import asdict
from importlib.util import find_spec
from typing import Any

from tinygesture.cli import measuring
from tinygesture.cli.verification import Comparison, check_model, compare
from tinygesture.contract import Int8, Int16
from tinygesture.export.bundle import Bundle
from tinygesture.link import Session, run_through


class Device:
    """Give its `predict` to an evaluation, then let it `measure`.

    Where TensorFlow Lite Micro has no package for this computer, nothing is compared.
    Raises UserError where the board does not run the bundle's model.
    """

    def __init__(self, board: Session, bundle: Bundle) -> None:
        from tinygesture.evaluation.host import HostModel

        check_model(board, bundle)
        self._board = board
        self._host = HostModel(bundle) if find_spec("tflite_micro") else None
        self._compared = Comparison()
        self._measured: measuring.Measured | None = None

    @property
    def same(self) -> bool:
        return self._compared.equal == self._compared.vectors

    def predict(self, counts: Int16) -> Int8:
        """Canonical samples int16[M, 6] -> the board's probabilities int8[steps, labels]."""
        outputs = run_through(self._board, counts).probabilities
        if self._host is not None:
            self._compared += compare(outputs, self._host.predict(counts))
        return outputs

    def measure(self) -> None:
        self._measured = measuring.measure(self._board)

    @property
    def json(self) -> dict[str, Any]:
        measured = asdict(self._measured) if self._measured else {}
        return {"vectors": self._compared.vectors, "equal": self._compared.equal, **measured}

    @property
    def sentences(self) -> list[str]:
        compared = self._compared
        lines = [f"{compared.equal} of {compared.vectors} outputs are equal to the host's."]
        if self._host is None:
            lines = ["The host's outputs were not computed: tflite-micro is not installed here."]
        return lines + (measuring.sentences(self._board, self._measured) if self._measured else [])
