"""Labels and normalisation inside the .tflite file, by tflite-support, with reproducible bytes."""

import io
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from tinygesture.contract import Quantisation
from tinygesture.export.compiler.graph import parse
from tinygesture.training.backend import quiet

LABELS_FILE = "labels.txt"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip archive knows


def available() -> bool:
    """tflite-support has wheels for Linux and Python up to 3.11."""
    return find_spec("tensorflow_lite_support") is not None


def add_metadata(
    model: bytes, name: str, labels: Sequence[str], quantisation: Quantisation
) -> bytes:
    """The model with its metadata; only call it where `available()`.

    The normalisation of x is (counts - 0) / std with std = 128 × 2^shift / multiplier.
    """
    with quiet():
        from tensorflow_lite_support.metadata import metadata_schema_py_generated as schema
        from tensorflow_lite_support.metadata.python import metadata

        graph = parse(model)
        about = schema.ModelMetadataT()
        about.name = name
        about.description = "Gestures from six IMU channels at 100 Hz, made by tinygesture."
        subgraph = schema.SubGraphMetadataT()
        subgraph.inputTensorMetadata = [
            _tensor(schema, graph.tensors[index].name) for index in graph.inputs
        ]
        subgraph.outputTensorMetadata = [
            _tensor(schema, graph.tensors[index].name) for index in graph.outputs
        ]
        x = subgraph.inputTensorMetadata[graph.inputs.index(graph.input_names["x"])]
        x.name = "x"
        x.processUnits = [_normalisation(schema, quantisation)]
        output = graph.outputs.index(graph.output_names["probabilities"])
        probabilities = subgraph.outputTensorMetadata[output]
        probabilities.name = "probabilities"
        probabilities.associatedFiles = [_labels_file(schema)]
        about.subgraphMetadata = [subgraph]
        builder = metadata.flatbuffers.Builder(0)
        builder.Finish(about.Pack(builder), metadata.MetadataPopulator.METADATA_FILE_IDENTIFIER)
        populator = metadata.MetadataPopulator.with_model_buffer(bytearray(model))
        populator.load_metadata_buffer(builder.Output())
        populator.load_associated_file_buffers(
            {LABELS_FILE: "".join(f"{label}\n" for label in labels).encode()}
        )
        populator.populate()
        return _without_times(bytes(populator.get_model_buffer()))


def _tensor(schema: Any, name: str) -> Any:
    tensor = schema.TensorMetadataT()
    tensor.name = name
    return tensor


def _normalisation(schema: Any, quantisation: Quantisation) -> Any:
    options = schema.NormalizationOptionsT()
    options.mean = [0.0] * 6
    options.std = [128 * 2**quantisation.shift / max(m, 1) for m in quantisation.multipliers]
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    return unit


def _labels_file(schema: Any) -> Any:
    file = schema.AssociatedFileT()
    file.name = LABELS_FILE
    file.type = schema.AssociatedFileType.TENSOR_AXIS_LABELS
    return file


def _without_times(model: bytes) -> bytes:
    """The zip archive behind the flatbuffer, written anew without the time of day."""
    with zipfile.ZipFile(io.BytesIO(model)) as archive:
        start = min(entry.header_offset for entry in archive.infolist())
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    out = io.BytesIO()
    out.write(model[:start])
    with zipfile.ZipFile(out, "a") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return out.getvalue()


def read_labels(model: bytes) -> tuple[str, ...]:
    """The labels in a model's metadata; empty if it has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(model)) as archive:
            return tuple(archive.read(LABELS_FILE).decode().splitlines())
    except (zipfile.BadZipFile, KeyError):
        return ()
