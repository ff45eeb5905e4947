"""Writes small TensorFlow Lite models, so that tests need no TensorFlow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import flatbuffers  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
import tflite

SAME, VALID = 0, 1
NONE, RELU, RELU_N1_TO_1, RELU6 = 0, 1, 2, 3

_OPTIONS = {
    "ADD": "AddOptions",
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "CONCATENATION": "ConcatenationOptions",
    "CONV_2D": "Conv2DOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "EXPAND_DIMS": "ExpandDimsOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions",
    "MAX_POOL_2D": "Pool2DOptions",
    "MEAN": "ReducerOptions",
    "MUL": "MulOptions",
    "PAD": "PadOptions",
    "PACK": "PackOptions",
    "PADV2": "PadV2Options",
    "QUANTIZE": "QuantizeOptions",
    "REDUCE_MAX": "ReducerOptions",
    "RESHAPE": "ReshapeOptions",
    "SHAPE": "ShapeOptions",
    "SOFTMAX": "SoftmaxOptions",
    "SPLIT": "SplitOptions",
    "SQUEEZE": "SqueezeOptions",
    "STRIDED_SLICE": "StridedSliceOptions",
    "SUB": "SubOptions",
}


@dataclass
class _Tensor:
    shape: Sequence[int]
    type: str
    scales: Sequence[float]
    zero_points: Sequence[int]
    data: npt.NDArray[Any] | None
    signature: Sequence[int] | None
    name: str
    axis: int  # of the scales


@dataclass
class _Operator:
    name: str
    inputs: Sequence[int]
    outputs: Sequence[int]
    options: Mapping[str, Any]


@dataclass
class TfliteBuilder:
    tensors: list[_Tensor] = field(default_factory=list)
    operators: list[_Operator] = field(default_factory=list)
    subgraphs: int = 1  # all the same

    def tensor(
        self,
        shape: Sequence[int],
        scale: float | Sequence[float] = (),
        zero_point: int = 0,
        *,
        type: str = "INT8",
        data: npt.ArrayLike | None = None,
        signature: Sequence[int] | None = None,
        name: str | None = None,
        axis: int = 0,
    ) -> int:
        scales = [scale] if isinstance(scale, float | int) else list(scale)
        dtype = np.dtype(type.lower())
        values = None if data is None else np.asarray(data, dtype).reshape(tuple(shape))
        index = len(self.tensors)
        self.tensors.append(
            _Tensor(
                shape,
                type,
                scales,
                [zero_point] * len(scales),
                values,
                signature,
                name or f"tensor{index}",
                axis,
            )
        )
        return index

    def integers(self, values: Sequence[int] | int) -> int:
        """A constant int32 tensor, such as an axis."""
        return self.tensor(np.shape(values), type="INT32", data=values)

    def operator(
        self, name: str, inputs: Sequence[int], outputs: Sequence[int] | int, **options: Any
    ) -> None:
        listed = [outputs] if isinstance(outputs, int) else outputs
        self.operators.append(_Operator(name, inputs, listed, options))

    def build(
        self,
        inputs: Sequence[int],
        outputs: Sequence[int],
        signature: tuple[Mapping[str, int], Mapping[str, int]] | None = None,
    ) -> bytes:
        """The bytes of the file; `signature` names (inputs, outputs)."""
        return _Writer(self).model(inputs, outputs, signature)


class _Writer:
    def __init__(self, source: TfliteBuilder) -> None:
        self.source = source
        self.b = flatbuffers.Builder(1024)

    def table(self, name: str, **fields: Any) -> int:
        getattr(tflite, f"{name}Start")(self.b)
        for key, value in fields.items():
            if value is not None:
                getattr(tflite, f"{name}Add{key}")(self.b, value)
        return int(getattr(tflite, f"{name}End")(self.b))

    def offsets(self, items: Sequence[int]) -> int:
        self.b.StartVector(4, len(items), 4)
        for item in reversed(items):
            self.b.PrependUOffsetTRelative(item)
        return int(self.b.EndVector())

    def vector(self, values: npt.ArrayLike, dtype: str) -> int:
        return int(self.b.CreateNumpyVector(np.asarray(values, dtype)))

    def model(
        self,
        inputs: Sequence[int],
        outputs: Sequence[int],
        signature: tuple[Mapping[str, int], Mapping[str, int]] | None,
    ) -> bytes:
        names = sorted({operator.name for operator in self.source.operators})
        codes = []
        for name in names:
            code = getattr(tflite.BuiltinOperator, name)
            codes.append(
                self.table(
                    "OperatorCode",
                    DeprecatedBuiltinCode=min(code, 127),
                    Version=1,
                    BuiltinCode=code,
                )
            )
        buffers = [self.table("Buffer")]
        tensors = []
        for tensor in self.source.tensors:
            buffer = 0
            if tensor.data is not None:
                data = self.vector(np.frombuffer(tensor.data.tobytes(), np.uint8), "<u1")
                buffer = len(buffers)
                buffers.append(self.table("Buffer", Data=data))
            tensors.append(self.tensor(tensor, buffer))
        operators = [self.operator(operator, names) for operator in self.source.operators]
        subgraph = self.table(
            "SubGraph",
            Tensors=self.offsets(tensors),
            Inputs=self.vector(inputs, "<i4"),
            Outputs=self.vector(outputs, "<i4"),
            Operators=self.offsets(operators),
        )
        signatures = self.offsets([self.signature(*signature)]) if signature else None
        model = self.table(
            "Model",
            Version=3,
            OperatorCodes=self.offsets(codes),
            Subgraphs=self.offsets([subgraph] * self.source.subgraphs),
            Buffers=self.offsets(buffers),
            SignatureDefs=signatures,
        )
        self.b.Finish(model, file_identifier=b"TFL3")
        return bytes(self.b.Output())

    def tensor(self, tensor: _Tensor, buffer: int) -> int:
        quantisation = None
        if tensor.scales:
            quantisation = self.table(
                "QuantizationParameters",
                Scale=self.vector(tensor.scales, "<f4"),
                ZeroPoint=self.vector(tensor.zero_points, "<i8"),
                QuantizedDimension=tensor.axis,
            )
        return self.table(
            "Tensor",
            Shape=self.vector(tensor.shape, "<i4"),
            Type=getattr(tflite.TensorType, tensor.type),
            Buffer=buffer,
            Name=self.b.CreateString(tensor.name),
            Quantization=quantisation,
            ShapeSignature=self.vector(tensor.signature, "<i4") if tensor.signature else None,
        )

    def operator(self, operator: _Operator, names: list[str]) -> int:
        options_name = _OPTIONS.get(operator.name)
        options = self.table(options_name, **operator.options) if options_name else None
        return self.table(
            "Operator",
            OpcodeIndex=names.index(operator.name),
            Inputs=self.vector(operator.inputs, "<i4"),
            Outputs=self.vector(operator.outputs, "<i4"),
            BuiltinOptionsType=getattr(tflite.BuiltinOptions, options_name or "NONE"),
            BuiltinOptions=options,
        )

    def signature(self, inputs: Mapping[str, int], outputs: Mapping[str, int]) -> int:
        def maps(names: Mapping[str, int]) -> int:
            return self.offsets(
                [
                    self.table("TensorMap", Name=self.b.CreateString(name), TensorIndex=index)
                    for name, index in names.items()
                ]
            )

        return self.table(
            "SignatureDef",
            Inputs=maps(inputs),
            Outputs=maps(outputs),
            SignatureKey=self.b.CreateString("serving_default"),
        )
