/* phiscan.h - the C interface of libphiscan: checks an outgoing e-mail for patient information (PHI) and risky recipients.
 *
 * Conventions, stated once:
 *  - Every function that can fail returns a phiscan_status (0 = PHISCAN_OK) and takes an optional `phiscan_error **err`
 *    (pass NULL to ignore). On failure `*err` is yours to free; on success it is left alone.
 *  - A `**out` parameter is yours: free it with the matching `_free`. NULL is fine to free.
 *  - A phiscan_view is borrowed: inputs are read during the call only; a returned view lives as long as its parent.
 *    Views are UTF-8, need no terminator, and may have data == NULL only when size == 0.
 *  - Error messages and reports never contain text of the mail.
 *  - libphiscan does no I/O, reads no clock, writes no log. Same inputs, same report, byte for byte.
 *  - Threads: phiscan_rules, phiscan_report and phiscan_error are immutable and may be shared. A phiscan_scanner serves
 *    one thread at a time; a second simultaneous call returns PHISCAN_E_BUSY.
 */
#ifndef PHISCAN_H
#define PHISCAN_H

#include <stddef.h>
#include <stdint.h>

#define PHISCAN_VERSION_MAJOR 0
#define PHISCAN_VERSION_MINOR 1
#define PHISCAN_VERSION_PATCH 0

#if defined(_WIN32)
#  if defined(PHISCAN_BUILDING)
#    define PHISCAN_API __declspec(dllexport)
#  elif defined(PHISCAN_STATIC)
#    define PHISCAN_API
#  else
#    define PHISCAN_API __declspec(dllimport)
#  endif
#else
#  define PHISCAN_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct phiscan_rules   phiscan_rules;    /* packs + policy, compiled; immutable; share across threads */
typedef struct phiscan_scanner phiscan_scanner;  /* one thread at a time; keeps its rules alive */
typedef struct phiscan_report  phiscan_report;   /* immutable result */
typedef struct phiscan_error   phiscan_error;    /* code, message, where */
typedef struct { const char *data; size_t size; } phiscan_view;
typedef struct { phiscan_view name; phiscan_view data; } phiscan_file; /* one file of a pack folder; name relative, '/' separated */

/* Status codes; values are never reused. */
typedef int32_t phiscan_status;
enum {
  PHISCAN_OK = 0,
  PHISCAN_E_ARGUMENT = 1,   /* a NULL or senseless argument */
  PHISCAN_E_MEMORY = 2,
  PHISCAN_E_BUSY = 3,       /* the scanner is in use by another thread */
  PHISCAN_E_JSON = 4,       /* not JSON, nested too deep, or a duplicate key */
  PHISCAN_E_SCHEMA = 5,     /* JSON, but not what the schema asks for */
  PHISCAN_E_TOO_LARGE = 6,  /* a hard limit of the request */
  PHISCAN_E_PACK = 7,       /* a rule pack is broken or fails its own examples */
  PHISCAN_E_POLICY = 8,     /* a site policy is broken */
  PHISCAN_E_VERSION = 9,    /* pack or request format this engine cannot read */
  PHISCAN_E_INTERNAL = 10
};

/* What should happen to the mail. 0 is no action: an error is never "allow". */
typedef int32_t phiscan_action;
enum {
  PHISCAN_ACTION_NONE = 0,
  PHISCAN_ACTION_ALLOW = 1,
  PHISCAN_ACTION_NOTE = 2,
  PHISCAN_ACTION_CONFIRM = 3,
  PHISCAN_ACTION_JUSTIFY = 4,
  PHISCAN_ACTION_BLOCK = 5
};

/* "0.1.0": the library that is running, not the header that was compiled against. */
PHISCAN_API phiscan_view phiscan_version(void);

/* Loads rules. `packs` are bundles (phiscan_pack_bundle) in overlay order; count 0 means the built-in us-core pack,
 * and so does a NULL view among them (an organisation's pack lies over it); an empty one that is not NULL is no pack.
 * `policy` is a site policy (JSON; empty = no policy). `cache` is what phiscan_rules_cache gave for the same packs
 * (empty = none); it is checked and quietly ignored when it does not fit this pack, library version or CPU. */
PHISCAN_API phiscan_status phiscan_rules_load(const phiscan_view *packs, size_t count, phiscan_view policy,
                                              phiscan_view cache, phiscan_rules **out, phiscan_error **err);
/* JSON: engine, packs (id, version, sha256, rules, terms), policy, proposer, cache ("used" | "none" | "rejected"), cache_key. */
PHISCAN_API phiscan_view phiscan_rules_info(const phiscan_rules *rules);
/* What is compiled from the packs, to keep for a fast next start (about 9 MB for the built-in pack). Made when first asked for; empty
 * without memory. Good for these packs, this build of the library and this CPU; what was damaged is noticed, what was forged is not. */
PHISCAN_API phiscan_view phiscan_rules_cache(const phiscan_rules *rules);
PHISCAN_API void phiscan_rules_free(phiscan_rules *rules);

PHISCAN_API phiscan_status phiscan_scanner_new(const phiscan_rules *rules, phiscan_scanner **out, phiscan_error **err);
PHISCAN_API void phiscan_scanner_free(phiscan_scanner *scanner);

/* Scans one request (schema phiscan.request/1). Bad input is an error naming a JSON pointer; what could not be read is a gap in the report. */
PHISCAN_API phiscan_status phiscan_scan(phiscan_scanner *scanner, phiscan_view request_json, phiscan_report **out,
                                        phiscan_error **err);
PHISCAN_API phiscan_action phiscan_report_action(const phiscan_report *report);
PHISCAN_API phiscan_view phiscan_report_json(const phiscan_report *report);
PHISCAN_API void phiscan_report_free(phiscan_report *report);

PHISCAN_API phiscan_status phiscan_error_code(const phiscan_error *error);
PHISCAN_API phiscan_view phiscan_error_message(const phiscan_error *error);
/* Where in the input: a JSON pointer, a file or a rule id; may be empty. */
PHISCAN_API phiscan_view phiscan_error_where(const phiscan_error *error);
PHISCAN_API void phiscan_error_free(phiscan_error *error);

/* Pack and policy tools. Each result is a phiscan_report that holds JSON (phiscan_report_json) and no action. */
/* Puts the files of a pack folder (pack.json first, rules, terms, texts) into one bundle. */
PHISCAN_API phiscan_status phiscan_pack_bundle(const phiscan_file *files, size_t count, phiscan_report **out, phiscan_error **err);
/* Proves every example of every rule alone and merged, refuses costly patterns, tells the cost of each rule. count 0 = built-in pack. */
PHISCAN_API phiscan_status phiscan_pack_check(const phiscan_view *packs, size_t count, phiscan_report **out, phiscan_error **err);
/* All problems of a policy at once, as JSON {"problems":[{"where","message","level"}]}. */
PHISCAN_API phiscan_status phiscan_policy_check(phiscan_view policy, phiscan_report **out, phiscan_error **err);
/* The e-mail use map as JSON tables {"title", "sections":[...]} for an auditor; locale "en" or "es". */
PHISCAN_API phiscan_status phiscan_policy_describe(phiscan_view policy, phiscan_view locale, phiscan_report **out, phiscan_error **err);

#ifdef __cplusplus
}
#endif
#endif /* PHISCAN_H */
