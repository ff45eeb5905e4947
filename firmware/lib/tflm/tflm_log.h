// What TensorFlow Lite Micro says when something fails.
#pragma once

namespace tinygesture {
namespace tflm_log {

void clear();

// "what: the first line since clear()", which names the cause. Valid until the next call.
const char* first_line(const char* what);

}  // namespace tflm_log
}  // namespace tinygesture
