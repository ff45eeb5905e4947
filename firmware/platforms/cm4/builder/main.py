"""Compiler, linker and size check of the emulated board."""

from pathlib import Path

from SCons.Script import AlwaysBuild, Default, DefaultEnvironment

env = DefaultEnvironment()
here = Path(env.PioPlatform().get_dir())
cpu = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]

env.Replace(
    AR="arm-none-eabi-gcc-ar",
    AS="arm-none-eabi-as",
    CC="arm-none-eabi-gcc",
    CXX="arm-none-eabi-g++",
    OBJCOPY="arm-none-eabi-objcopy",
    RANLIB="arm-none-eabi-gcc-ranlib",
    SIZETOOL="arm-none-eabi-size",
    PROGNAME="firmware",
    PROGSUFFIX=".elf",
    SIZEPROGREGEXP=r"^(?:\.text|\.ARM\.ex\w+|\.data)\s+(\d+).*",
    SIZEDATAREGEXP=r"^(?:\.data|\.bss|\.stack)\s+(\d+).*",
    SIZECHECKCMD="$SIZETOOL -A -d $SOURCES",
    LDSCRIPT_PATH=str(here / "cm4.ld"),
)
env.Append(
    CCFLAGS=[*cpu, "-O2", "-ffunction-sections", "-fdata-sections"],
    CXXFLAGS=["-fno-threadsafe-statics", "-fno-use-cxa-atexit"],
    LINKFLAGS=[
        *cpu,
        "--specs=nano.specs",
        "-nostartfiles",
        "-Wl,--gc-sections",
        '-Wl,-Map="$BUILD_DIR/firmware.map"',
    ],
)
env.BuildSources("$BUILD_DIR/platform", str(here), "+<startup.c>")
program = env.BuildProgram()
AlwaysBuild(env.Alias("upload", program))
Default([program, "checkprogsize"])
