"""What all boards share: the language, and the model that custom_model names (models/NAME).

custom_engine says what runs it: compiled, or tflm. Both options stand in platformio.ini; without a
model it is the firmware for recording, and the engine does not matter.
"""

from pathlib import Path

Import("env")  # noqa: F821  (given by PlatformIO)

project = Path(env.subst("$PROJECT_DIR"))  # noqa: F821
name = env.GetProjectOption("custom_model", "").strip()  # noqa: F821

engine = env.GetProjectOption("custom_engine", "compiled")  # noqa: F821
if engine not in ("compiled", "tflm"):
    raise SystemExit(f"There is no engine {engine!r}: custom_engine is compiled or tflm.")

env.Append(CXXFLAGS=["-fno-exceptions", "-fno-rtti"])  # noqa: F821

if name:
    bundle = project / "models" / name  # an absolute path stands for itself
    if not (bundle / "compiled_model.cpp").is_file():
        raise SystemExit(
            f"There is no model {name!r} in {bundle.parent}. "
            "Make it with train-and-export, or leave custom_model empty."
        )
    libraries = project / "firmware" / "lib"
    env.Append(  # noqa: F821
        CPPDEFINES=["TINYGESTURE_MODEL"],
        CPPPATH=[
            str(bundle),
            *(str(libraries / lib) for lib in ("contract", "detector", "inference", "kernels")),
        ],
    )
    if engine == "tflm":
        env.SConscript(str(project / "firmware/platforms/tflm.py"), {"env": env, "bundle": bundle})  # noqa: F821
    else:
        env.BuildSources("$BUILD_DIR/model", str(bundle), "+<compiled_model.cpp>")  # noqa: F821
