"""Streaming: when the window moves on by a hop, only the rows that are new are computed.

A convolution or pooling without padding whose stride divides the hop gives for the moved window the
rows that it gave before, moved by hop / stride, and as many new ones. So its input becomes a buffer

    [rows kept from earlier calls][new rows]

that is just long enough for the new outputs, and they are the new rows of the next buffer:

    rows = input rows - output rows x stride + new input rows

Operators that see a row at a time run over the whole buffer. Behind the last layer that can be
streamed the buffer has all rows of the window, and the rest of the model sees nothing of this.
After a call the kept rows move to the beginning of each buffer. Every output is that of the whole
window, once a window of samples has been seen.
"""

import math
from dataclasses import dataclass, replace

from tinygesture.export.compiler.graph import Graph, Operator, Tensor
from tinygesture.export.compiler.memory import Kept
from tinygesture.export.compiler.steps import View
from tinygesture.export.compiler.windows import VALID

_OVER_TIME = ("AVERAGE_POOL_2D", "CONV_2D", "DEPTHWISE_CONV_2D", "MAX_POOL_2D")
_ROW_BY_ROW = (
    *("EXPAND_DIMS", "RESHAPE", "SQUEEZE"),
    *("LOGISTIC", "QUANTIZE", "RELU", "RELU6", "TANH"),
)


@dataclass(frozen=True)
class Streamed:
    """graph: the model of one hop, whose input is the latest samples; views: where in a kept
    tensor the new rows are computed."""

    graph: Graph
    views: tuple[View, ...]
    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class _Layer:
    """An operator over time. inputs: the tensors from the output of the layer before to its input,
    which is the last; rows: what it reads of them in one call; new: the last of these rows, which
    it has not seen before."""

    inputs: tuple[int, ...]
    output: int
    rows: int
    new: int
    output_rows: int  # of the whole window
    new_output: int


def stream(graph: Graph, input: int, hop: int) -> Streamed | None:
    """The model for windows that move on by `hop` samples; None if it has to see whole windows.

    graph: one that can be lowered; input: its tensor of samples, (1, window, channels) or these
    with more dimensions of 1.
    """
    layers = _layers(graph, input, hop)
    if not layers:
        return None
    tensors = list(graph.tensors)
    buffers: dict[int, int] = {}  # of the output of a layer
    views, kept = [], []
    following = [layer.rows for layer in layers[1:]] + [layers[-1].output_rows]
    for layer, rows in zip(layers, following, strict=True):
        for index in layer.inputs:
            tensors[index] = _with_rows(tensors[index], layer.rows)
        buffer = replace(_with_rows(tensors[layer.output], rows), index=len(tensors))
        output = tensors[layer.output] = _with_rows(tensors[layer.output], layer.new_output)
        if rows > layer.new_output:
            tensors.append(buffer)
            buffers[output.index] = buffer.index
            views.append(View(output.index, buffer.index, buffer.size - output.size))
            kept.append(Kept(buffer.index, buffer.size - output.size))
    operators = tuple(
        replace(operator, inputs=tuple(buffers.get(index, index) for index in operator.inputs))
        for operator in graph.operators
    )
    hop_graph = replace(graph, tensors=tuple(tensors), operators=operators)
    return Streamed(hop_graph, tuple(views), tuple(kept))


def _layers(graph: Graph, input: int, new: int) -> list[_Layer]:
    """The chain of layers from the input on that can be computed `new` rows at a time."""
    tensor = graph.tensors[input]
    inputs = [tensor.index]
    layers: list[_Layer] = []
    while (operator := _only_reader(graph, tensor)) is not None:
        output = graph.tensors[operator.outputs[0]]
        if operator.name in _ROW_BY_ROW:
            if _rows(output) != _rows(tensor) or output.shape[-1:] != tensor.shape[-1:]:
                break
            inputs.append(output.index)
        elif operator.name in _OVER_TIME:
            layer = _layer(graph, operator, tuple(inputs), new)
            if layer is None:
                break
            layers.append(layer)
            new = layer.new_output
            inputs = []
        else:
            break
        tensor = output
    return layers


def _only_reader(graph: Graph, tensor: Tensor) -> Operator | None:
    readers = [operator for operator in graph.operators if tensor.index in operator.inputs]
    return readers[0] if len(readers) == 1 and tensor.index not in graph.outputs else None


def _layer(graph: Graph, operator: Operator, inputs: tuple[int, ...], new: int) -> _Layer | None:
    input, output = graph.tensors[operator.inputs[0]], graph.tensors[operator.outputs[0]]
    input_rows, output_rows = _rows(input), _rows(output)
    if input_rows is None or output_rows is None or output.index in graph.outputs:
        return None
    axis = input.shape.index(input_rows)
    if len(input.shape) != 4 or axis not in (1, 2):
        return None
    stride = int(operator.options["StrideH" if axis == 1 else "StrideW"])
    rows = input_rows - output_rows * stride + new
    if operator.options["Padding"] != VALID or new % stride or rows < new:
        return None
    if new // stride >= output_rows:
        return None
    return _Layer(inputs, output.index, rows, new, output_rows, new // stride)


def _rows(tensor: Tensor) -> int | None:
    """Of a sequence (rows, depth) of any rank, its other dimensions 1; None if it is none."""
    rows = math.prod(tensor.shape[:-1])
    return rows if rows > 1 and rows in tensor.shape[:-1] else None


def _with_rows(tensor: Tensor, rows: int) -> Tensor:
    time = tensor.shape.index(math.prod(tensor.shape[:-1]))
    return replace(tensor, shape=(*tensor.shape[:time], rows, *tensor.shape[time + 1 :]))
