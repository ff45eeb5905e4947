"""A .tflite file as small dataclasses, checked for everything that holds for any operator."""

import math
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import tflite

from tinygesture.errors import UserError

Options = Mapping[str, int | float | bool]

MAX_TENSOR_BYTES = 1 << 20  # the board's flash; also keeps every index within 32 bits
TYPES = {"INT8": np.int8, "INT32": np.int32}

# What an operator's option table holds, as far as it changes the result.
_ACTIVATION = ("FusedActivationFunction",)
_CONVOLUTION = (
    *("Padding", "StrideH", "StrideW", "DilationHFactor", "DilationWFactor"),
    *_ACTIVATION,
)
_POOL = ("Padding", "StrideH", "StrideW", "FilterHeight", "FilterWidth", *_ACTIVATION)
_OPTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ADD": ("AddOptions", _ACTIVATION),
    "AVERAGE_POOL_2D": ("Pool2DOptions", _POOL),
    "CONCATENATION": ("ConcatenationOptions", ("Axis", *_ACTIVATION)),
    "CONV_2D": ("Conv2DOptions", _CONVOLUTION),
    "DEPTHWISE_CONV_2D": ("DepthwiseConv2DOptions", ("DepthMultiplier", *_CONVOLUTION)),
    "FULLY_CONNECTED": ("FullyConnectedOptions", ("WeightsFormat", *_ACTIVATION)),
    "MAX_POOL_2D": ("Pool2DOptions", _POOL),
    "MEAN": ("ReducerOptions", ("KeepDims",)),
    "MUL": ("MulOptions", _ACTIVATION),
    "REDUCE_MAX": ("ReducerOptions", ("KeepDims",)),
    "SOFTMAX": ("SoftmaxOptions", ("Beta",)),
    "STRIDED_SLICE": (
        "StridedSliceOptions",
        ("BeginMask", "EndMask", "EllipsisMask", "NewAxisMask", "ShrinkAxisMask", "Offset"),
    ),
    "SUB": ("SubOptions", _ACTIVATION),
}


@dataclass(frozen=True)
class Tensor:
    index: int
    name: str
    type: str  # "INT8", "INT32", "FLOAT32", ...
    shape: tuple[int, ...]
    scales: tuple[float, ...]  # exact float32 values; one, one per channel, or none
    zero_points: tuple[int, ...]
    channel_axis: int
    # a constant's values, in `shape`; of a type that no operator takes, its bytes
    data: npt.NDArray[Any] | None

    @property
    def size(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True)
class Operator:
    index: int
    name: str  # "CONV_2D", ...
    version: int  # grows with the features that the operator uses
    inputs: tuple[int, ...]  # tensor indices; -1 where an optional input is left out
    outputs: tuple[int, ...]
    options: Options


@dataclass(frozen=True)
class Graph:
    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    input_names: Mapping[str, int]  # signature names and tensor names
    output_names: Mapping[str, int]


def without_unread(graph: Graph) -> Graph:
    """The graph without operators that no output depends on.

    A shape that an operator reads at run time is known here from its output's, so what computes
    it (SHAPE, STRIDED_SLICE, PACK) goes too.
    """
    needed = set(graph.outputs)
    kept = []
    for operator in reversed(graph.operators):
        if needed.intersection(operator.outputs):
            kept.append(operator)
            needed |= set(operator.inputs[:1] if operator.name == "RESHAPE" else operator.inputs)
    return replace(graph, operators=tuple(reversed(kept)))


class _Damaged(Exception):
    pass


def parse(model: bytes) -> Graph:
    """The one subgraph of a .tflite file. Raises UserError for anything else."""
    if model[4:8] != b"TFL3":
        raise UserError(
            "This is not a TensorFlow Lite model (its file identifier TFL3 is missing): "
            "give the .tflite file that the export wrote."
        )
    try:
        return _Reader(model).graph()
    except _Damaged as error:
        cause = str(error)
    except (struct.error, ValueError, TypeError, IndexError, AttributeError):
        # what the flatbuffers accessors raise for offsets that lead nowhere
        cause = "an offset leads to nothing"
    raise UserError(
        f"The TensorFlow Lite model is damaged or cut short ({cause}): export it again."
    )


def _names_of(enum: type) -> dict[int, str]:
    return {value: name for name, value in vars(enum).items() if isinstance(value, int)}


_OPERATOR_NAMES = _names_of(tflite.BuiltinOperator)
_TYPE_NAMES = _names_of(tflite.TensorType)


class _Reader:
    def __init__(self, model: bytes) -> None:
        self.file_size = len(model)
        self.model = tflite.Model.GetRootAs(model, 0)

    def each(self, length: int, item: Callable[[int], Any]) -> Iterator[Any]:
        """The items of a vector, unless its length cannot be true."""
        if length > self.file_size:
            raise _Damaged(f"a list claims {length} entries")
        return (item(i) for i in range(length))

    def integers(self, vector: Any) -> tuple[int, ...]:
        return () if isinstance(vector, int) else tuple(int(value) for value in vector)

    def graph(self) -> Graph:
        count = self.model.SubgraphsLength()
        if not 0 < count < self.file_size:
            raise _Damaged(f"{count} subgraphs")
        if count > 1:
            raise UserError(
                f"The model has {count} subgraphs, as loops and conditions make them (WHILE, IF), "
                "and the compiled engine runs one: export one step, with state as an input and an "
                "output, or unroll the loop."
            )
        subgraph = self.model.Subgraphs(0)
        tensors = tuple(
            self.tensor(index, tensor)
            for index, tensor in enumerate(self.each(subgraph.TensorsLength(), subgraph.Tensors))
        )
        operators = tuple(
            self.operator(index, operator)
            for index, operator in enumerate(
                self.each(subgraph.OperatorsLength(), subgraph.Operators)
            )
        )
        inputs = self.integers(subgraph.InputsAsNumpy())
        outputs = self.integers(subgraph.OutputsAsNumpy())
        _check_order(tensors, operators, inputs, outputs)

        input_names = {tensors[i].name: i for i in inputs}
        output_names = {tensors[i].name: i for i in outputs}
        for signature in self.each(self.model.SignatureDefsLength(), self.model.SignatureDefs):
            input_names |= self.signature(signature.InputsLength(), signature.Inputs, inputs)
            output_names |= self.signature(signature.OutputsLength(), signature.Outputs, outputs)
        return Graph(tensors, operators, inputs, outputs, input_names, output_names)

    def signature(
        self, length: int, item: Callable[[int], Any], tensors: tuple[int, ...]
    ) -> dict[str, int]:
        return {
            _text(entry.Name()): entry.TensorIndex()
            for entry in self.each(length, item)
            if entry.TensorIndex() in tensors
        }

    def operator(self, index: int, operator: Any) -> Operator:
        if not 0 <= operator.OpcodeIndex() < self.model.OperatorCodesLength():
            raise _Damaged(f"operator {index} has no operator code")
        code = self.model.OperatorCodes(operator.OpcodeIndex())
        builtin = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        name = _OPERATOR_NAMES.get(builtin, f"number {builtin}")
        if name == "CUSTOM":
            name = f"CUSTOM ({_text(code.CustomCode())})"
        return Operator(
            index,
            name,
            code.Version(),
            self.integers(operator.InputsAsNumpy()),
            self.integers(operator.OutputsAsNumpy()),
            self.options(name, operator),
        )

    def options(self, name: str, operator: Any) -> Options:
        if name not in _OPTIONS:
            return {}
        table, fields = _OPTIONS[name]
        source = operator.BuiltinOptions()
        if source is None or operator.BuiltinOptionsType() != getattr(tflite.BuiltinOptions, table):
            raise _Damaged(f"a {name} has no {table}")
        options = getattr(tflite, table)()
        options.Init(source.Bytes, source.Pos)
        return {field: getattr(options, field)() for field in fields}

    def tensor(self, index: int, tensor: Any) -> Tensor:
        type_name = _TYPE_NAMES.get(tensor.Type(), f"type {tensor.Type()}")
        shape = self.integers(tensor.ShapeAsNumpy())
        signature = self.integers(tensor.ShapeSignatureAsNumpy())
        if any(size < 0 for size in shape) or -1 in signature[1:]:
            raise UserError(
                f"The model's tensor {index} has a shape that is known only at run time "
                f"{signature or shape}: export it with fixed shapes, in Keras with "
                "Input(..., batch_size=1)."
            )
        if 0 in shape or math.prod(shape) > MAX_TENSOR_BYTES or len(shape) > 6:
            raise UserError(
                f"The model's tensor {index} has the shape {shape}: the compiled engine takes "
                f"1 to {MAX_TENSOR_BYTES} elements in at most 6 dimensions."
            )
        if tensor.IsVariable() or tensor.Sparsity() is not None:
            raise UserError(
                f"The model's tensor {index} is a variable or sparse: the compiled engine takes "
                "neither; export state as an input and an output, and weights as dense tensors."
            )
        scales, zero_points, axis = self.quantisation(tensor.Quantization())
        return Tensor(
            index,
            _text(tensor.Name()),
            type_name,
            shape,
            scales,
            zero_points,
            axis,
            self.constant(index, tensor, type_name, shape),
        )

    def quantisation(self, table: Any) -> tuple[tuple[float, ...], tuple[int, ...], int]:
        if table is None or table.ScaleLength() == 0:
            return (), (), 0
        scales = tuple(float(scale) for scale in table.ScaleAsNumpy())
        zero_points = self.integers(table.ZeroPointAsNumpy())
        if len(zero_points) != len(scales):
            raise _Damaged(f"{len(scales)} scales with {len(zero_points)} zero points")
        if not all(math.isfinite(scale) and scale > 0 for scale in scales):
            raise _Damaged("a scale that is not a positive number")
        return scales, zero_points, table.QuantizedDimension()

    def constant(
        self, index: int, tensor: Any, type_name: str, shape: tuple[int, ...]
    ) -> npt.NDArray[Any] | None:
        if not 0 <= tensor.Buffer() < self.model.BuffersLength():
            raise _Damaged(f"tensor {index} has no buffer")
        buffer = self.model.Buffers(tensor.Buffer())
        if buffer.DataLength() == 0:
            return None
        data = buffer.DataAsNumpy().tobytes()
        if type_name not in TYPES:
            return np.frombuffer(data, np.uint8)
        dtype = np.dtype(TYPES[type_name]).newbyteorder("<")
        if len(data) != math.prod(shape) * dtype.itemsize:
            raise _Damaged(f"tensor {index} of shape {shape} has {len(data)} bytes of data")
        return np.frombuffer(data, dtype).reshape(shape)


def _text(name: bytes | None) -> str:
    text = (name or b"").decode("utf-8", "replace")
    if not text.isprintable():
        raise _Damaged("a name that cannot be printed")
    return text


def _check_order(
    tensors: tuple[Tensor, ...],
    operators: tuple[Operator, ...],
    inputs: tuple[int, ...],
    outputs: tuple[int, ...],
) -> None:
    """Every tensor has one origin (input, constant or operator) that comes before its use."""
    known = {tensor.index for tensor in tensors if tensor.data is not None}

    def define(index: int) -> None:
        if index in known or not 0 <= index < len(tensors):
            raise _Damaged(f"tensor {index} is defined twice or does not exist")
        known.add(index)

    for index in inputs:
        define(index)
    for operator in operators:
        for index in operator.inputs:
            if index not in known and index != -1:
                raise _Damaged(f"{operator.name} reads tensor {index}, which nothing has written")
        for index in operator.outputs:
            define(index)
    for index in outputs:
        if index not in known:
            raise _Damaged(f"output tensor {index} is not computed")
