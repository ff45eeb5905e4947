"""The engine tflm: TensorFlow Lite Micro, as much of the library in lib_deps as models can use.

Included by common.py where custom_engine is tflm. The sources are named, since the rest of the
library wants Arduino. Its text output and its MEAN are replaced by those of firmware/lib/tflm.
"""

from pathlib import Path

Import("env", "bundle")  # noqa: F821  (given by common.py)

LIBRARY = Path(env.subst("$PROJECT_LIBDEPS_DIR/$PIOENV/Arduino_TensorFlowLite"))  # noqa: F821
OPERATORS = (
    *("cmsis_nn/add", "cmsis_nn/conv", "cmsis_nn/fully_connected", "cmsis_nn/mul"),
    *("cmsis_nn/softmax", "add_common", "conv_common", "expand_dims", "fully_connected_common"),
    *("kernel_util", "logistic", "logistic_common", "micro_tensor_utils", "mul_common"),
    *("quantize", "quantize_common", "reshape", "softmax_common", "split", "strided_slice"),
    *("sub", "sub_common", "tanh"),
)
SOURCES = [
    "+<third_party/cmsis_nn/Source/>",
    "+<tensorflow/lite/core/>",
    "+<tensorflow/lite/kernels/>",
    "+<tensorflow/lite/schema/>",
    "+<tensorflow/lite/micro/arena_allocator/>",
    "+<tensorflow/lite/micro/memory_planner/>",
    "+<tensorflow/lite/micro/tflite_bridge/>",
    "+<tensorflow/lite/micro/flatbuffer_utils.cpp>",
    "+<tensorflow/lite/micro/memory_helpers.cpp>",
    "+<tensorflow/lite/micro/micro_*.cpp>",
    "-<tensorflow/lite/micro/micro_time.cpp>",
    "-<tensorflow/lite/micro/micro_profiler.cpp>",
    "-<tensorflow/lite/**/recording_*.cpp>",
    *(f"+<tensorflow/lite/micro/kernels/{name}.cpp>" for name in OPERATORS),
]

if not (LIBRARY / "src").is_dir():
    raise SystemExit(
        f"TensorFlow Lite Micro is not in {LIBRARY}, where PlatformIO puts lib_deps. "
        "Build for an environment that names it: cm4_tflm or nano33ble_tflm."
    )
if not (bundle / "tflm_model.h").is_file():  # noqa: F821
    raise SystemExit(
        f"The model in {bundle} cannot run in TensorFlow Lite Micro; "  # noqa: F821
        "its manifest.json says why. Build with custom_engine = compiled."
    )

engine = Path(env.subst("$PROJECT_DIR")) / "firmware/lib/tflm"  # noqa: F821
env.Append(  # noqa: F821
    CPPDEFINES=["TINYGESTURE_TFLM", "TF_LITE_STATIC_MEMORY"],
    CPPPATH=[str(engine)],
    CCFLAGS=["-isystem", str(LIBRARY / "src")],
)
env.BuildSources("$BUILD_DIR/model", str(bundle), "+<model_data.cpp>")  # noqa: F821
env.BuildSources("$BUILD_DIR/tflm", str(engine))  # noqa: F821

# Warnings are for our own sources; without ARDUINO the library reaches for the heap.
quiet = "-w" if env.get("PIOFRAMEWORK") else "-w -DARDUINO"  # noqa: F821
options = {name: f"{env[name]} {quiet}" for name in ("CCCOM", "CXXCOM")}  # noqa: F821
options["CPPPATH"] = [str(LIBRARY / "src")]  # nothing of the bundle: one build serves all models
nodes = env.CollectBuildFiles("$BUILD_DIR/tensorflow", str(LIBRARY / "src"), SOURCES)  # noqa: F821
env.Append(PIOBUILDFILES=[env.Object(node, **options) for node in nodes])  # noqa: F821
