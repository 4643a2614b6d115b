/* phiscan.h held to its word: every function, NULLs, errors, ownership, and two threads on one scanner. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

static const phiscan_view none = {NULL, 0};
static const phiscan_view senseless = {NULL, 7};

static const char held[] =
    "{\"schema\": \"phiscan.request/1\", \"from\": {\"address\": \"frontdesk@clinic.example\"},"
    " \"to\": [{\"address\": \"friend@elsewhere.example\"}], \"subject\": \"Lab results\","
    " \"body\": {\"text\": \"Dana Roe, DOB 03/14/1961, MRN 00412345: her A1c is 8.2%, start metformin 500 mg.\"}}";
static const char harmless[] =
    "{\"schema\": \"phiscan.request/1\", \"from\": {\"address\": \"frontdesk@clinic.example\"},"
    " \"to\": [{\"address\": \"friend@elsewhere.example\"}], \"subject\": \"Lunch\", \"body\": {\"text\": \"Noon at the corner?\"}}";

static phiscan_rules *load(void) {
  phiscan_rules *rules = NULL;
  phiscan_error *error = NULL;
  CHECK(phiscan_rules_load(NULL, 0, none, none, &rules, &error) == PHISCAN_OK);
  CHECK(rules != NULL && error == NULL);
  if (rules == NULL) exit(99);
  return rules;
}

static phiscan_scanner *scanner_of(const phiscan_rules *rules) {
  phiscan_scanner *scanner = NULL;
  CHECK(phiscan_scanner_new(rules, &scanner, NULL) == PHISCAN_OK);
  if (scanner == NULL) exit(99);
  return scanner;
}

static void test_version(void) {
  char compiled[64];
  snprintf(compiled, sizeof compiled, "%d.%d.%d", PHISCAN_VERSION_MAJOR, PHISCAN_VERSION_MINOR, PHISCAN_VERSION_PATCH);
  CHECK(same(phiscan_version(), view_of(compiled)));
}

/* Zero is not an action: an error is never "allow". */
static void test_null_is_no_action(void) {
  CHECK(PHISCAN_ACTION_NONE == 0 && PHISCAN_ACTION_ALLOW != 0);
  CHECK(phiscan_report_action(NULL) == PHISCAN_ACTION_NONE);
  CHECK(phiscan_report_json(NULL).size == 0);
  CHECK(phiscan_rules_info(NULL).size == 0 && phiscan_rules_cache(NULL).size == 0);
  CHECK(phiscan_error_code(NULL) == PHISCAN_OK && phiscan_error_message(NULL).size == 0 && phiscan_error_where(NULL).size == 0);
  phiscan_rules_free(NULL);
  phiscan_scanner_free(NULL);
  phiscan_report_free(NULL);
  phiscan_error_free(NULL);
}

static void test_bad_arguments(const phiscan_rules *rules, phiscan_scanner *scanner) {
  phiscan_rules *some_rules = NULL;
  phiscan_scanner *some_scanner = NULL;
  phiscan_report *report = NULL;
  const phiscan_file bad_file = {senseless, none};

  CHECK(phiscan_rules_load(NULL, 0, none, none, NULL, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_rules_load(NULL, 1, none, none, &some_rules, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_rules_load(&senseless, 1, none, none, &some_rules, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_rules_load(NULL, 0, senseless, none, &some_rules, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_rules_load(NULL, 0, none, senseless, &some_rules, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_scanner_new(NULL, &some_scanner, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_scanner_new(rules, NULL, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_scan(NULL, view_of(harmless), &report, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_scan(scanner, view_of(harmless), NULL, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_scan(scanner, senseless, &report, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_pack_bundle(NULL, 1, &report, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_pack_bundle(&bad_file, 1, &report, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_pack_bundle(NULL, 0, NULL, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_pack_check(NULL, 1, &report, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_pack_check(NULL, 0, NULL, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_policy_check(senseless, &report, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_policy_check(none, NULL, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_policy_describe(none, senseless, &report, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_policy_describe(none, none, NULL, NULL) == PHISCAN_E_ARGUMENT);
  CHECK(some_rules == NULL && some_scanner == NULL && report == NULL); /* failures leave *out alone */
}

static void test_scan(phiscan_scanner *scanner) {
  phiscan_report *report = NULL;
  phiscan_error *error = NULL;
  CHECK(phiscan_scan(scanner, view_of(held), &report, &error) == PHISCAN_OK);
  CHECK(error == NULL);
  CHECK(phiscan_report_action(report) == PHISCAN_ACTION_CONFIRM);
  const phiscan_view json = phiscan_report_json(report);
  CHECK(holds(json, "\"phiscan.report/1\"") && holds(json, "\"phi\"") && holds(json, "\"mrn\""));
  CHECK(!holds(json, "Roe") && !holds(json, "00412345") && !holds(json, "metformin")); /* no text of the mail */

  phiscan_report *again = NULL;
  CHECK(phiscan_scan(scanner, view_of(held), &again, NULL) == PHISCAN_OK);
  CHECK(same(json, phiscan_report_json(again))); /* same inputs, same report, byte for byte */
  phiscan_report_free(again);
  phiscan_report_free(report);

  report = NULL;
  CHECK(phiscan_scan(scanner, view_of(harmless), &report, NULL) == PHISCAN_OK);
  CHECK(phiscan_report_action(report) == PHISCAN_ACTION_ALLOW);
  phiscan_report_free(report);
}

/* A scanner keeps its rules alive, a report outlives both. */
static void test_lifetimes(void) {
  phiscan_rules *rules = load();
  phiscan_scanner *scanner = scanner_of(rules);
  phiscan_rules_free(rules);
  phiscan_report *report = NULL;
  CHECK(phiscan_scan(scanner, view_of(held), &report, NULL) == PHISCAN_OK);
  phiscan_scanner_free(scanner);
  CHECK(phiscan_report_action(report) == PHISCAN_ACTION_CONFIRM);
  CHECK(holds(phiscan_report_json(report), "\"phiscan.report/1\""));
  phiscan_report_free(report);
}

static void test_errors(phiscan_scanner *scanner) {
  static const struct {
    const char *request;
    phiscan_status status;
  } table[] = {
      {"", PHISCAN_E_JSON},
      {"{\"schema\": \"phiscan.request/1\", \"body\": ", PHISCAN_E_JSON},
      {"{\"subject\": \"canary-value\", \"subject\": \"canary-value\"}", PHISCAN_E_JSON},
      {"\"canary-value\"", PHISCAN_E_SCHEMA},
      {"{\"schema\": \"phiscan.request/1\", \"from\": \"canary-value\", \"subject\": \"x\"}", PHISCAN_E_SCHEMA},
      {"{\"schema\": \"phiscan.request/1\", \"from\": {\"address\": \"a@clinic.example\"}, \"subject\": [\"canary-value\"]}", PHISCAN_E_SCHEMA},
      {"{\"schema\": \"phiscan.request/1\", \"subject\": \"canary-value\"}", PHISCAN_E_SCHEMA},
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
    phiscan_report *report = NULL;
    phiscan_error *error = NULL;
    const phiscan_status status = phiscan_scan(scanner, view_of(table[i].request), &report, &error);
    if (status != table[i].status) fprintf(stderr, "request %zu: status %d\n", i, (int)status);
    CHECK(status == table[i].status);
    CHECK(report == NULL && error != NULL);
    CHECK(phiscan_error_code(error) == status);
    CHECK(phiscan_error_message(error).size != 0);
    CHECK(!holds(phiscan_error_message(error), "canary-value")); /* never quotes the input */
    CHECK(!holds(phiscan_error_where(error), "canary-value"));
    phiscan_error_free(error);
    CHECK(phiscan_scan(scanner, view_of(table[i].request), &report, NULL) == status); /* err is optional */
  }

  phiscan_error *error = NULL;
  phiscan_report *report = NULL;
  CHECK(phiscan_scan(scanner, view_of(table[5].request), &report, &error) == PHISCAN_E_SCHEMA);
  CHECK(same(phiscan_error_where(error), view_of("/subject"))); /* a JSON pointer */
  phiscan_error_free(error);

  error = NULL;
  CHECK(phiscan_scan(scanner, view_of("{\"schema\": \"phiscan.request/9\", \"from\": {\"address\": \"a@clinic.example\"}, \"subject\": \"x\"}"),
                     &report, &error) != PHISCAN_OK);
  CHECK(report == NULL);
  phiscan_error_free(error);

  /* The scanner is as good as before. */
  CHECK(phiscan_scan(scanner, view_of(harmless), &report, NULL) == PHISCAN_OK);
  phiscan_report_free(report);
}

static void test_bad_rules(void) {
  phiscan_rules *rules = NULL;
  phiscan_error *error = NULL;
  const phiscan_view not_a_pack = view_of("{\"schema\": \"phiscan.pack/1\", \"id\"");
  CHECK(phiscan_rules_load(&not_a_pack, 1, none, none, &rules, &error) != PHISCAN_OK);
  CHECK(rules == NULL && error != NULL);
  phiscan_error_free(error);

  error = NULL;
  /* An organisation's pack over the built-in one, which an empty view stands for. */
  const phiscan_view over[] = {none, view_of("{\"schema\": \"phiscan.pack/1\", \"id\": \"mine\", \"version\": \"1\", \"disable\": [\"us.mrn\"], \"rules\": []}")};
  phiscan_rules *both = NULL;
  CHECK(phiscan_rules_load(over, 2, none, none, &both, NULL) == PHISCAN_OK);
  CHECK(holds(phiscan_rules_info(both), "us-core+mine"));
  phiscan_rules_free(both);
  CHECK(phiscan_rules_load(over + 1, 1, none, none, &both, NULL) == PHISCAN_E_PACK);

  CHECK(phiscan_rules_load(NULL, 0, view_of("{\"schema\": \"phiscan.policy/1\", \"mode\": \"shout\"}"), none, &rules, &error) == PHISCAN_E_POLICY);
  CHECK(rules == NULL && phiscan_error_where(error).size != 0);
  phiscan_error_free(error);
}

/* The cache is a help: its own is taken, a broken one is quietly refused. */
static void test_cache(const phiscan_rules *rules) {
  const phiscan_view cache = phiscan_rules_cache(rules);
  CHECK(holds(phiscan_rules_info(rules), "\"cache_key\""));
  if (cache.size == 0) return; /* this build has nothing to cache */

  phiscan_rules *warm = NULL;
  CHECK(phiscan_rules_load(NULL, 0, none, cache, &warm, NULL) == PHISCAN_OK);
  CHECK(holds(phiscan_rules_info(warm), "\"cache\":\"used\""));
  phiscan_rules_free(warm);

  char *broken = malloc(cache.size);
  if (broken == NULL) exit(99);
  memcpy(broken, cache.data, cache.size);
  broken[cache.size / 2] = (char)(broken[cache.size / 2] ^ 0x20);
  const phiscan_view views[] = {{broken, cache.size}, {cache.data, cache.size / 2}, {"cache", 5}};
  for (size_t i = 0; i < sizeof views / sizeof views[0]; ++i) {
    phiscan_rules *cold = NULL;
    CHECK(phiscan_rules_load(NULL, 0, none, views[i], &cold, NULL) == PHISCAN_OK);
    CHECK(holds(phiscan_rules_info(cold), "\"cache\":\"rejected\""));
    phiscan_rules_free(cold);
  }
  free(broken);
}

static void test_pack_tools(void) {
  static const char manifest[] = "{\"schema\": \"phiscan.pack/1\", \"id\": \"our-pack\", \"version\": \"1.0.0\"}";
  static const char rules[] =
      "{\"rules\": [{\"id\": \"our.locker\", \"title\": \"Locker number\", \"kind\": \"identity\", \"label\": \"other_id\", \"why\": \"It points to one person.\","
      " \"heads\": [\"locker\"], \"pattern\": \"[ #]{1,2}(\\\\d{4})\", \"p\": 0.5, \"sources\": [\"our own\"],"
      " \"examples\": {\"match\": [\"In locker [[0042]].\"], \"no_match\": [\"In locker 42.\"]}}]}";
  phiscan_file files[2];
  files[0].name = view_of("pack.json");
  files[0].data = view_of(manifest);
  files[1].name = view_of("rules/ours.json");
  files[1].data = view_of(rules);
  phiscan_report *bundle = NULL;
  phiscan_report *report = NULL;
  phiscan_error *error = NULL;
  CHECK(phiscan_pack_bundle(files, 2, &bundle, NULL) == PHISCAN_OK);
  CHECK(phiscan_report_action(bundle) == PHISCAN_ACTION_NONE);
  CHECK(holds(phiscan_report_json(bundle), "our.locker"));

  const phiscan_view pack = phiscan_report_json(bundle);
  CHECK(phiscan_pack_check(&pack, 1, &report, NULL) == PHISCAN_OK);
  CHECK(phiscan_report_action(report) == PHISCAN_ACTION_NONE);
  CHECK(holds(phiscan_report_json(report), "\"problems\":[]"));
  phiscan_report_free(report);

  phiscan_rules *loaded = NULL;
  CHECK(phiscan_rules_load(&pack, 1, none, none, &loaded, NULL) == PHISCAN_OK);
  CHECK(holds(phiscan_rules_info(loaded), "our-pack"));
  phiscan_rules_free(loaded);
  phiscan_report_free(bundle);

  report = NULL;
  CHECK(phiscan_pack_bundle(NULL, 0, &report, &error) == PHISCAN_E_PACK); /* no pack.json */
  CHECK(report == NULL && error != NULL);
  phiscan_error_free(error);
}

static void test_policy_tools(void) {
  phiscan_report *report = NULL;
  CHECK(phiscan_policy_check(view_of("{\"schema\": \"phiscan.policy/1\", \"mode\": \"shout\"}"), &report, NULL) == PHISCAN_OK);
  CHECK(phiscan_report_action(report) == PHISCAN_ACTION_NONE);
  CHECK(holds(phiscan_report_json(report), "\"problems\"") && holds(phiscan_report_json(report), "\"error\""));
  phiscan_report_free(report);

  phiscan_error *error = NULL;
  report = NULL;
  CHECK(phiscan_policy_describe(view_of("{"), view_of("en"), &report, &error) != PHISCAN_OK);
  CHECK(report == NULL && error != NULL);
  phiscan_error_free(error);
}

/* Two threads on one scanner: each call ends well or says BUSY, and at least once it is BUSY. */
struct Duel {
  phiscan_scanner *scanner;
  pthread_barrier_t *start;
  phiscan_view request;
  int busy;
  int other;
};

static void *fight(void *argument) {
  struct Duel *duel = argument;
  pthread_barrier_wait(duel->start);
  phiscan_report *report = NULL;
  const phiscan_status status = phiscan_scan(duel->scanner, duel->request, &report, NULL);
  if (status == PHISCAN_E_BUSY) {
    ++duel->busy;
  } else if (status != PHISCAN_OK) {
    ++duel->other;
  }
  phiscan_report_free(report);
  return NULL;
}

static void test_busy(phiscan_scanner *scanner) {
  static const char head[] = "{\"schema\": \"phiscan.request/1\", \"from\": {\"address\": \"a@clinic.example\"}, \"body\": {\"text\": \"";
  static const char tail[] = "\"}}";
  const size_t filling = 1U << 20;
  const size_t size = sizeof head - 1 + filling + sizeof tail - 1;
  char *request = malloc(size);
  if (request == NULL) exit(99);
  memcpy(request, head, sizeof head - 1);
  for (size_t i = 0; i < filling; ++i) request[sizeof head - 1 + i] = "the quick brown fox "[i % 20];
  memcpy(request + size - (sizeof tail - 1), tail, sizeof tail - 1);

  int busy = 0;
  for (int round = 0; round < 50 && busy == 0; ++round) {
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 2);
    struct Duel duels[2];
    pthread_t threads[2];
    for (int i = 0; i < 2; ++i) {
      duels[i] = (struct Duel){scanner, &start, {request, size}, 0, 0};
      if (pthread_create(&threads[i], NULL, fight, &duels[i]) != 0) exit(99);
    }
    for (int i = 0; i < 2; ++i) {
      pthread_join(threads[i], NULL);
      busy += duels[i].busy;
      CHECK(duels[i].other == 0);
    }
    pthread_barrier_destroy(&start);
    CHECK(duels[0].busy + duels[1].busy < 2); /* one of two always gets through */
  }
  CHECK(busy > 0);
  free(request);

  phiscan_report *report = NULL;
  CHECK(phiscan_scan(scanner, view_of(harmless), &report, NULL) == PHISCAN_OK);
  phiscan_report_free(report);
}

int main(void) {
  test_version();
  test_null_is_no_action();
  phiscan_rules *rules = load();
  phiscan_scanner *scanner = scanner_of(rules);
  test_bad_arguments(rules, scanner);
  test_scan(scanner);
  test_lifetimes();
  test_errors(scanner);
  test_bad_rules();
  test_cache(rules);
  test_pack_tools();
  test_policy_tools();
  test_busy(scanner);
  phiscan_scanner_free(scanner);
  phiscan_rules_free(rules);
  return result_of_checks();
}
