/* CHECK for the tests in C: says what was expected and where, goes on, and main returns the number of failures (at most 99). */
#ifndef PHISCAN_TESTS_CHECK_H
#define PHISCAN_TESTS_CHECK_H

#include <phiscan/phiscan.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_int checks_failed;

#define CHECK(expected)                                                              \
  do {                                                                               \
    if (!(expected)) {                                                               \
      fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #expected);        \
      atomic_fetch_add(&checks_failed, 1);                                           \
    }                                                                                \
  } while (0)

static inline int result_of_checks(void) {
  const int failed = atomic_load(&checks_failed);
  return failed > 99 ? 99 : failed;
}

static inline phiscan_view view_of(const char *text) {
  const phiscan_view view = {text, strlen(text)};
  return view;
}

static inline int same(phiscan_view a, phiscan_view b) { return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0); }

/* Is `text` somewhere in `view`? */
static inline int holds(phiscan_view view, const char *text) {
  const size_t size = strlen(text);
  for (size_t at = 0; at + size <= view.size; ++at) {
    if (memcmp(view.data + at, text, size) == 0) return 1;
  }
  return 0;
}

#endif
