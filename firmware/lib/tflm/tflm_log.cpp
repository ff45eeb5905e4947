#include "tflm_log.h"

#include <stdio.h>
#include <string.h>

namespace {

char said[160];
bool complete = false;  // a line ends with \r\n; what comes later are its consequences

}  // namespace

// The interpreter's way out for text, in place of the library's own, which prints it to Serial.
extern "C" void DebugLog(const char* text);
extern "C" void DebugLog(const char* text) {
  if (complete) return;
  const size_t line = strcspn(text, "\r\n");
  const size_t room = sizeof said - 1 - strlen(said);
  strncat(said, text, line < room ? line : room);
  complete = text[line] != '\0' && said[0] != '\0';
}

namespace tinygesture {
namespace tflm_log {

void clear() {
  said[0] = '\0';
  complete = false;
}

const char* first_line(const char* what) {
  static char sentence[240];
  snprintf(sentence, sizeof sentence, "%s: %s", what, said[0] ? said : "it did not say why");
  return sentence;
}

}  // namespace tflm_log
}  // namespace tinygesture
