"""Runs compiled models on the emulated Cortex-M4F: many in one program, in one run of QEMU."""

import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from harness import KERNELS, LANGUAGE, WARNINGS, Int8, combine

from tinygesture.export.compiler import CompiledModel

COMPILER, EMULATOR = "arm-none-eabi-gcc", "qemu-system-arm"
PORTABLE = "-DTINYGESTURE_PORTABLE"  # without the DSP instructions

_PLATFORM = KERNELS.parents[1] / "platforms" / "cm4"
_CPU = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]
_LINK = ["--specs=nano.specs", "-nostartfiles", "-Wl,--gc-sections", f"-T{_PLATFORM / 'cm4.ld'}"]
_FLAGS = [*_CPU, "-O2", "-ffunction-sections", "-fdata-sections", *WARNINGS]
_QEMU = [EMULATOR, "-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "none"]
_QEMU += ["-semihosting-config", "enable=on,target=native", "-kernel"]

_MAIN = """
namespace {

constexpr int kGuard = 16;  // bytes around each buffer, which nobody may write
constexpr int8_t kPaint = 0x5A;

int8_t memory[64 * 1024];

int semihosting(int operation, const void* block) {
  register int r0 __asm("r0") = operation;
  register const void* r1 __asm("r1") = block;
  __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

int open(const char* name, uintptr_t mode) {
  const uintptr_t block[] = {reinterpret_cast<uintptr_t>(name), mode, strlen(name)};
  return semihosting(0x01, block);
}

// What could not be read or written, in bytes.
int transfer(int operation, int file, const void* data, uintptr_t size) {
  const uintptr_t block[] = {static_cast<uintptr_t>(file), reinterpret_cast<uintptr_t>(data), size};
  return semihosting(operation, block);
}
int read(int file, void* data, int size) { return transfer(0x06, file, data, size); }
int write(int file, const void* data, int size) { return transfer(0x05, file, data, size); }

// Buffers at every alignment, behind each other. False: they do not fit.
bool place(const Entry& entry, int misaligned, int8_t** buffers) {
  memset(memory, kPaint, sizeof memory);
  int end = kGuard;
  for (int i = 0; i < entry.inputs + entry.outputs; ++i) {
    buffers[i] = memory + ((end + 3) & ~3) + misaligned;
    end = static_cast<int>(buffers[i] - memory) + entry.sizes[i] + kGuard;
  }
  return end <= static_cast<int>(sizeof memory);
}

bool guarded(const int8_t* buffer, int size) {
  for (int i = 1; i <= kGuard; ++i) {
    if (buffer[-i] != kPaint || buffer[size + i - 1] != kPaint) return false;
  }
  return true;
}

}  // namespace

// requests: (model, calls, inputs...) as int32 and bytes, again and again; answers: the outputs
int main() {
  const int requests = open("requests", 1), answers = open("answers", 5);
  if (requests < 0 || answers < 0) return 1;
  int32_t head[2];
  for (int count = 0; read(requests, head, sizeof head) == 0; ++count) {
    const Entry& entry = kEntries[head[0]];
    const int ports = entry.inputs + entry.outputs;
    int8_t* buffers[8];
    if (!place(entry, count % 4, buffers)) return 2;
    entry.reset();
    for (int32_t call = 0; call < head[1]; ++call) {
      for (int i = 0; i < entry.inputs; ++i) {
        if (read(requests, buffers[i], entry.sizes[i]) != 0) return 3;
      }
      entry.invoke(buffers);
      for (int i = entry.inputs; i < ports; ++i) {
        if (write(answers, buffers[i], entry.sizes[i]) != 0) return 4;
      }
    }
    for (int i = 0; i < ports; ++i) {
      if (!guarded(buffers[i], entry.sizes[i])) return 5;
    }
  }
  return 0;
}
"""


class EmulatedProgram:
    """Compiled models in one image, with the kernels' DSP instructions or, by PORTABLE, without."""

    def __init__(self, models: Sequence[CompiledModel], folder: Path, *flags: str) -> None:
        self.models, self.folder = models, folder
        source = folder / "models.cpp"
        source.write_text(combine(models) + _MAIN)
        sources = [source, _PLATFORM / "startup.c", *sorted(KERNELS.glob("*.cpp"))]

        def build(source: Path) -> Path:
            target = folder / f"{source.stem}.o"
            language = LANGUAGE if source.suffix == ".cpp" else []
            command = [COMPILER, *_FLAGS, *language, *flags, f"-I{KERNELS}", "-c", source]
            subprocess.run([*command, "-o", target], check=True)
            return target

        with ThreadPoolExecutor(2) as pool:
            objects = list(pool.map(build, sources))
        subprocess.run([COMPILER, *_CPU, *_LINK, *objects, "-o", folder / "models.elf"], check=True)

    def run(self, inputs: Sequence[Int8]) -> Iterator[Int8]:
        """inputs (calls, ...) of every model from reset -> its outputs (calls, size)."""
        heads = [np.array([i, len(values)], np.int32) for i, values in enumerate(inputs)]
        blocks = [h.tobytes() + v.tobytes() for h, v in zip(heads, inputs, strict=True)]
        (self.folder / "requests").write_bytes(b"".join(blocks))
        subprocess.run([*_QEMU, "models.elf"], cwd=self.folder, check=True, timeout=240)
        answers = np.fromfile(self.folder / "answers", np.int8)
        sizes = [
            len(values) * sum(model.output_sizes)
            for model, values in zip(self.models, inputs, strict=True)
        ]
        assert len(answers) == sum(sizes)
        for values, part in zip(inputs, np.split(answers, np.cumsum(sizes)[:-1]), strict=True):
            yield part.reshape(len(values), -1)
