/* The whole of phiscan.h in one page: load the rules once, make a scanner per thread, scan drafts, read the report.
 * Built and run by the tests; start from it when you write a binding. */
#include <phiscan/phiscan.h>
#include <stdio.h>

static int give_up(phiscan_error *error) {
  const phiscan_view message = phiscan_error_message(error);
  const phiscan_view where = phiscan_error_where(error);
  fprintf(stderr, "error %d: %.*s %.*s\n", (int)phiscan_error_code(error), (int)message.size, message.data, (int)where.size, where.data);
  phiscan_error_free(error);
  return 1;
}

int main(void) {
  static const char draft[] =
      "{\"schema\": \"phiscan.request/1\","
      " \"from\": {\"address\": \"frontdesk@clinic.example\"},"
      " \"to\": [{\"address\": \"friend@elsewhere.example\"}],"
      " \"subject\": \"Lab results\","
      " \"body\": {\"text\": \"Dana Roe, DOB 03/14/1961, MRN 00412345: her A1c is 8.2%, start metformin 500 mg.\"}}";
  const phiscan_view request = {draft, sizeof draft - 1};
  const phiscan_view none = {NULL, 0};
  phiscan_error *error = NULL;

  phiscan_rules *rules = NULL; /* count 0: the built-in pack; no policy, no cache */
  if (phiscan_rules_load(NULL, 0, none, none, &rules, &error) != PHISCAN_OK) return give_up(error);

  phiscan_scanner *scanner = NULL; /* one per thread; keeps its rules alive */
  if (phiscan_scanner_new(rules, &scanner, &error) != PHISCAN_OK) return give_up(error);
  phiscan_rules_free(rules);

  phiscan_report *report = NULL;
  if (phiscan_scan(scanner, request, &report, &error) != PHISCAN_OK) return give_up(error);
  phiscan_scanner_free(scanner);

  const phiscan_view json = phiscan_report_json(report); /* phiscan.report/1: what was found, where, and what to do instead */
  printf("%.*s\n", (int)json.size, json.data);
  const int is_held = phiscan_report_action(report) >= PHISCAN_ACTION_CONFIRM;
  phiscan_report_free(report);
  return is_held ? 0 : 1;
}
