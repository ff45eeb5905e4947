#pragma once

namespace tinygesture {

constexpr const char* kFirmwareVersion = "0.1.0";

}  // namespace tinygesture
