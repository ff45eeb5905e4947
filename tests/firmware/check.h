// Checks whose results `pio test` understands: lines of file:line:name:PASS or FAIL.
#pragma once
#include <stdio.h>

namespace check {

static const char* current = "";
static int tests = 0;
static int failures = 0;
static bool failed = false;

inline void run(void (*test)(), const char* name, const char* file, int line) {
  current = name;
  failed = false;
  test();
  ++tests;
  failures += failed ? 1 : 0;
  if (!failed) printf("%s:%d:%s:PASS\n", file, line, name);
}

inline void that(bool holds, const char* expression, const char* file, int line) {
  if (holds || failed) return;
  failed = true;
  printf("%s:%d:%s:FAIL: %s\n", file, line, current, expression);
}

inline int finish() {
  printf("\n-----------------------\n%d Tests %d Failures 0 Ignored\n%s\n", tests, failures,
         failures ? "FAIL" : "OK");
  fflush(stdout);
  return failures ? 1 : 0;
}

}  // namespace check

#define RUN(test) check::run(test, #test, __FILE__, __LINE__)
#define CHECK(expression) check::that((expression), #expression, __FILE__, __LINE__)
