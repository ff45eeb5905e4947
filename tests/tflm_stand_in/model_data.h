#pragma once
#include <stdint.h>

namespace tinygesture {

constexpr uint8_t kModelData[] = {0};

}  // namespace tinygesture
