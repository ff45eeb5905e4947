"""model.tflite as a C array: what the TensorFlow Lite Micro engine reads from flash."""

PER_LINE = 16

HEADER = """\
// model.tflite, byte for byte.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace tinygesture {{

constexpr size_t kModelDataSize = {size};
extern const uint8_t kModelData[kModelDataSize];  // 16-byte aligned

}}  // namespace tinygesture
"""

SOURCE = """\
#include "model_data.h"

namespace tinygesture {{

alignas(16) const uint8_t kModelData[kModelDataSize] = {{
{rows}
}};

}}  // namespace tinygesture
"""


def c_array(model: bytes) -> dict[str, str]:
    """The two files, by name."""
    rows = (model[start : start + PER_LINE] for start in range(0, len(model), PER_LINE))
    lines = (" ".join(f"0x{byte:02x}," for byte in row) for row in rows)
    return {
        "model_data.h": HEADER.format(size=len(model)),
        "model_data.cpp": SOURCE.format(rows="\n".join(f"    {line}" for line in lines)),
    }
