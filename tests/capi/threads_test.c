/* Four threads, a scanner each, one set of rules, over every request of a file (one JSON line each): all reports are equal.
 * Says most under the thread sanitizer. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

enum { threads = 4 };

struct Worker {
  const phiscan_rules *rules;
  phiscan_view requests;
  uint64_t digest; /* FNV-1a over all reports */
  size_t scanned;
};

static uint64_t mix(uint64_t digest, phiscan_view bytes) {
  for (size_t i = 0; i < bytes.size; ++i) digest = (digest ^ (unsigned char)bytes.data[i]) * 1099511628211U;
  return digest;
}

static void *work(void *argument) {
  struct Worker *worker = argument;
  phiscan_scanner *scanner = NULL;
  CHECK(phiscan_scanner_new(worker->rules, &scanner, NULL) == PHISCAN_OK);
  const char *at = worker->requests.data;
  const char *const end = at + worker->requests.size;
  while (scanner != NULL && at < end) {
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    if (line_end == NULL) line_end = end;
    const phiscan_view request = {at, (size_t)(line_end - at)};
    phiscan_report *report = NULL;
    const phiscan_status status = phiscan_scan(scanner, request, &report, NULL);
    if (status != PHISCAN_OK) fprintf(stderr, "request %zu: status %d\n", worker->scanned + 1, (int)status);
    CHECK(status == PHISCAN_OK);
    worker->digest = mix(worker->digest, phiscan_report_json(report));
    phiscan_report_free(report);
    ++worker->scanned;
    at = line_end + 1;
  }
  phiscan_scanner_free(scanner);
  return NULL;
}

static phiscan_view read_file(const char *name) {
  phiscan_view none = {NULL, 0};
  FILE *file = fopen(name, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) return none;
  const long size = ftell(file);
  rewind(file);
  char *data = size > 0 ? malloc((size_t)size) : NULL;
  if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size) return none;
  fclose(file);
  const phiscan_view view = {data, (size_t)size};
  return view;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const phiscan_view none = {NULL, 0};
  const phiscan_view requests = read_file(argv[1]);
  CHECK(requests.size != 0);
  phiscan_rules *rules = NULL;
  CHECK(phiscan_rules_load(NULL, 0, none, none, &rules, NULL) == PHISCAN_OK);
  if (rules == NULL || requests.size == 0) return 99;

  struct Worker workers[threads];
  pthread_t ids[threads];
  for (int i = 0; i < threads; ++i) {
    workers[i] = (struct Worker){rules, requests, 14695981039346656037U, 0};
    if (pthread_create(&ids[i], NULL, work, &workers[i]) != 0) return 99;
  }
  for (int i = 0; i < threads; ++i) pthread_join(ids[i], NULL);
  phiscan_rules_free(rules);
  for (int i = 1; i < threads; ++i) CHECK(workers[i].digest == workers[0].digest && workers[i].scanned == workers[0].scanned);
  printf("%zu requests in each of %d threads\n", workers[0].scanned, threads);
  free((void *)(uintptr_t)requests.data);
  return result_of_checks();
}
