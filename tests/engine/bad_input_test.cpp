// Broken, hostile and huge input through the C ABI: always a clear error or a report with gaps, in bounded time and memory, and never
// a word of the mail in anything that comes out.
#include <doctest/doctest.h>

#include <array>
#include <ctime>
#include <fstream>
#include <functional>
#include <random>

#include "rows.hpp"

namespace phiscan::test {
namespace {

// Words that no message of ours contains; every field of a hostile request holds one.
const std::vector<std::string> canaries{"Quillfeather", "quillfeather", "Zanzibarowski", "zanzibarowski", "Xylotomist", "xylotomist"};

void check_silent(const std::string& text) {
  for (const auto& canary : canaries) {
    CAPTURE(canary);
    CHECK(text.find(canary) == std::string::npos);
  }
}

// Memory in use and its peak since the last call of reset_peak, in MiB.
std::size_t status_mib(const char* field) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(field)) return std::stoul(line.substr(line.find_first_of("0123456789"))) / 1024;
  }
  return 0;
}
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

struct Cost {
  double seconds = 0;   // of the processor, so that a busy machine fails nothing
  std::size_t mib = 0;  // above what was in use before
};

Cost cost_of(const std::function<void()>& work) {
  reset_peak();
  const auto before = status_mib("VmRSS");
  const std::clock_t start = std::clock();
  work();
  const double spent = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const auto peak = status_mib("VmHWM");
  return {spent, peak > before ? peak - before : 0};
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double patience = 20;
constexpr std::size_t room = 4'096;
#else
constexpr double patience = 1;
constexpr std::size_t room = 512;
#endif

Outcome scan_bounded(const std::string& request) {
  Outcome outcome;
  const auto cost = cost_of([&] { outcome = no_policy().scan_bytes(request); });
  CAPTURE(cost.seconds);
  CAPTURE(cost.mib);
  CHECK(cost.seconds < 5 * patience);
  CHECK(cost.mib < room);
  return outcome;
}

std::string with_body(std::string_view form, std::string_view body) {
  Json request = mail("kim@acme.example", "x", "");
  request["body"] = Json{{form, body}};
  return request.dump();
}

void check_error(const std::string& request, phiscan_status status, std::string_view where) {
  const auto outcome = no_policy().scan_bytes(request);
  CHECK(outcome.status == status);
  CHECK(outcome.where == where);
  CHECK_FALSE(outcome.message.empty());
  CHECK(outcome.message.size() < 200);
  CHECK(outcome.raw.empty());
  check_silent(outcome.message);
  check_silent(outcome.where);
}

std::string request_with(std::string_view fields) {
  return R"({"schema":"phiscan.request/1","from":{"address":"quillfeather@clinic.example"},"subject":"Zanzibarowski")" + std::string(fields) + "}";
}

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + piece.size());
  while (out.size() < bytes) out += piece;
  return out;
}

TEST_CASE("what is not JSON is an error that says where and quotes nothing") {
  for (const std::string text : {"", " ", "Quillfeather", "{", "[", "{\"subject\":\"Zanzibarowski", "{\"subject\":\"Zanzibarowski\"", "{'subject':'Quillfeather'}", "{\"a\":Quillfeather}",
                                 "{\"schema\":\"phiscan.request/1\"} Quillfeather", "{\"subject\":\"Quillfeather\\q\"}", "{\"subject\":\"Quillfeather\\u12\"}", "{\"subject\":\"Quill\nfeather\"}", "nul", "\xEF\xBB\xBF",
                                 "{\"Zanzibarowski\":tru}"}) {
    CAPTURE(text);
    const auto outcome = no_policy().scan_bytes(text);
    CHECK(outcome.status == PHISCAN_E_JSON);
    CHECK_FALSE(outcome.message.empty());
    check_silent(outcome.message);
    check_silent(outcome.where);
  }
}

TEST_CASE("every truncation of a request is an error") {
  const std::string whole = positives().front().request.dump();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto outcome = no_policy().scan_bytes(whole.substr(0, size));
    if (outcome.status != PHISCAN_E_JSON) FAIL("cut at " << size << ": status " << outcome.status);
    CHECK(outcome.message.find("Janet") == std::string::npos);
  }
}

TEST_CASE("JSON that is no request names the field") {
  check_error("null", PHISCAN_E_SCHEMA, "");
  check_error("[]", PHISCAN_E_SCHEMA, "");
  check_error("\"Quillfeather\"", PHISCAN_E_SCHEMA, "");
  check_error("{}", PHISCAN_E_SCHEMA, "/schema");
  check_error(R"({"schema":"phiscan.request/2","from":{"address":"a@b.example"},"subject":"Zanzibarowski"})", PHISCAN_E_VERSION, "/schema");
  check_error(R"({"schema":"Quillfeather","from":{"address":"a@b.example"},"subject":"Zanzibarowski"})", PHISCAN_E_VERSION, "/schema");
  check_error(R"({"schema":"phiscan.request/1","subject":"Zanzibarowski"})", PHISCAN_E_SCHEMA, "/from");
  check_error(R"({"schema":"phiscan.request/1","from":{"address":"quillfeather@b.example"}})", PHISCAN_E_SCHEMA, "");
}

TEST_CASE("a wrong type names the field") {
  struct Wrong {
    std::string fields, where;
  };
  for (const auto& wrong : {Wrong{R"(,"to":"Quillfeather")", "/to"},
                            Wrong{R"(,"to":["Quillfeather"])", "/to/0"},
                            Wrong{R"(,"to":[{"address":7}])", "/to/0/address"},
                            Wrong{R"(,"cc":[{"address":"a@b.example"},{"name":["Quillfeather"]}])", "/cc/1/name"},
                            Wrong{R"(,"bcc":[{"name":"L","members":"Quillfeather"}])", "/bcc/0/members"},
                            Wrong{R"(,"bcc":[{"name":"L","members_unknown":"Quillfeather"}])", "/bcc/0/members_unknown"},
                            Wrong{R"(,"body":"Quillfeather")", "/body"},
                            Wrong{R"(,"body":{"text":["Quillfeather"]})", "/body/text"},
                            Wrong{R"(,"body":{"html":12})", "/body/html"},
                            Wrong{R"(,"compose":"Quillfeather")", "/compose"},
                            Wrong{R"(,"thread":{"participants":"Quillfeather"})", "/thread/participants"},
                            Wrong{R"(,"thread":{"participants":[{"Quillfeather":1}]})", "/thread/participants"},
                            Wrong{R"(,"attachments":{"name":"Quillfeather"})", "/attachments"},
                            Wrong{R"(,"attachments":[{"name":"Quillfeather","size":-1}])", "/attachments/0/size"},
                            Wrong{R"(,"attachments":[{"name":"Quillfeather","size":1.5}])", "/attachments/0/size"},
                            Wrong{R"(,"attachments":[{"name":"Quillfeather","unread":"Zanzibarowski"}])", "/attachments/0/unread"},
                            Wrong{R"(,"attachments":[{"text_parts":[{"text":{}}]}])", "/attachments/0/text_parts/0/text"},
                            Wrong{R"(,"history":{"recipients":[{"field":"Quillfeather"}]})", "/history/recipients/0/field"},
                            Wrong{R"(,"acknowledged":"Quillfeather")", "/acknowledged"},
                            Wrong{R"(,"now":"Quillfeather")", "/now"},
                            Wrong{R"(,"locale":{"Quillfeather":1})", "/locale"},
                            Wrong{R"(,"explain":"Quillfeather")", "/explain"},
                            Wrong{R"(,"sender":["Quillfeather"])", "/sender"}}) {
    CAPTURE(wrong.fields);
    check_error(request_with(wrong.fields), PHISCAN_E_SCHEMA, wrong.where);
  }
}

TEST_CASE("a key that appears twice is an error, also inside lists and when the values agree") {
  check_error(request_with(R"(,"subject":"Quillfeather")"), PHISCAN_E_JSON, "/subject");
  check_error(request_with(R"(,"to":[{"address":"a@b.example"},{"address":"quillfeather@b.example","address":"a@b.example"}])"), PHISCAN_E_JSON, "/to/address");
  check_error(request_with(R"(,"body":{"text":"","\u0074ext":"Quillfeather"})"), PHISCAN_E_JSON, "/body/text");
  // A name or an address used as a key is no field name.
  const auto outcome = no_policy().scan_bytes(request_with(R"(,"to":{"quillfeather@mail.example":1,"quillfeather@mail.example":1})"));
  CHECK(outcome.status == PHISCAN_E_JSON);
  check_silent(outcome.where);
}

TEST_CASE("deep nesting is refused before it costs anything") {
  for (const char* open : {"[", "{\"Quillfeather\":"}) {
    const auto outcome = scan_bounded(request_with(",\"x\":" + repeated(open, 2'000'000)));
    CHECK(outcome.status == PHISCAN_E_JSON);
    check_silent(outcome.message);
    check_silent(outcome.where);
  }
}

TEST_CASE("a list of half a million objects, and an object of as many keys, are read in bounded time") {
  std::string keys;
  for (int i = 0; i < 300'000; ++i) keys += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":{}";
  for (const auto& odd : {"[{}" + repeated(",{}", 1'500'000) + "]", "[[]" + repeated(",[]", 1'500'000) + "]", "{" + keys + "}"}) {
    const auto outcome = scan_bounded(request_with(",\"x\":" + odd));
    CHECK(outcome.status == PHISCAN_OK);
  }
}

TEST_CASE("lone surrogates, NUL and broken UTF-8 are read as U+FFFD and the rest is found") {
  for (const std::string odd : {R"(\ud800)", R"(\udc00)", R"(\ud800\ud800)", R"(\udc00\ud800)", R"(\u0000)", "\xFF", "\xC3", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC0\xAF"}) {
    CAPTURE(odd);
    const auto outcome = no_policy().scan_bytes(R"({"schema":"phiscan.request/1","from":{"address":"a@clinic.example"},"to":[{"address":"kim@acme.example"}],"subject":"x","body":{"text":")" + odd +
                                                " Patient Janet Roe, MRN 00412345, asthma, albuterol 90 mcg " + odd + "\"}}");
    REQUIRE(outcome.status == PHISCAN_OK);
    CHECK(outcome.report.at("content") == "phi");
    CHECK(has_counted(outcome.report, "mrn"));
  }
}

TEST_CASE("a NUL inside a number does not hide it") {
  const auto outcome = no_policy().scan_bytes(R"({"schema":"phiscan.request/1","from":{"address":"a@clinic.example"},"subject":"x","body":{"text":"Patient Janet Roe\u0000, MRN\u0000 00412345, asthma"}})");
  REQUIRE(outcome.status == PHISCAN_OK);
  CHECK(outcome.report.at("content") == "phi");
}

TEST_CASE("an empty message is read and allowed") {
  for (const std::string text : {R"(,"subject":"")", R"(,"body":{})", R"(,"body":{"text":"","html":""})", R"(,"attachments":[])", R"(,"attachments":[{}])", R"(,"subject":"","to":[{"address":"a@b.example"}])"}) {
    CAPTURE(text);
    const auto outcome = no_policy().scan_bytes(R"({"schema":"phiscan.request/1","from":{"address":"a@clinic.example"})" + text + "}");
    REQUIRE(outcome.status == PHISCAN_OK);
    CHECK(outcome.report.at("content") == "none");
    CHECK(outcome.action == PHISCAN_ACTION_ALLOW);
  }
}

TEST_CASE("a body of 64 MB is read to 8 MB and the rest is a gap") {
  for (const std::string form : {"text", "html"}) {
    CAPTURE(form);
    const std::string line = form == "text" ? "The meeting moved to room 12 and lunch is at noon, bring the blue folder.\n" : "<p>The meeting moved to room 12 and lunch is at <b>noon</b>, bring it.</p>\n";
    const auto outcome = scan_bounded(with_body(form, "Patient Janet Roe, MRN 00412345, asthma.\n" + repeated(line, 64'000'000)));
    REQUIRE(outcome.status == PHISCAN_OK);
    CHECK(outcome.report.at("complete") == false);
    REQUIRE(outcome.report.at("gaps").size() == 1);
    CHECK(outcome.report.at("gaps")[0] == Json{{"part", "body." + form}, {"why", "too_large"}});
    CHECK(outcome.report.at("content") == "phi");
    CHECK(outcome.action >= PHISCAN_ACTION_CONFIRM);
  }
}

TEST_CASE("a list of thousands of patients is PHI, and what of it was not read is a gap") {
  std::string list;
  for (int i = 0; i < 12'000; ++i) list += "Patient " + std::to_string(i) + ": MRN " + std::to_string(10'000'000 + i) + ", A1c " + std::to_string(5 + i % 9) + ".1, phone (202) 555-0123\n";
  const auto outcome = scan_bounded(with_body("text", list));
  REQUIRE(outcome.status == PHISCAN_OK);
  CHECK(outcome.report.at("content") == "phi");
  CHECK(outcome.report.at("complete") == false);
  REQUIRE(outcome.report.at("gaps").size() == 1);
  CHECK(outcome.report.at("gaps")[0] == Json{{"part", "body.text"}, {"why", "too_large"}});
}

TEST_CASE("a request beyond the hard limit is refused") {
  const std::string huge = request_with(",\"x\":\"" + std::string(std::size_t{257} << 20U, 'Q') + "\"");
  const auto outcome = no_policy().scan_bytes(huge);
  CHECK(outcome.status == PHISCAN_E_TOO_LARGE);
  CHECK_FALSE(outcome.message.empty());
}

TEST_CASE("HTML 10,000 deep, and tags that never end, cost no more than their size") {
  const std::string fact = "Patient Janet Roe, MRN 00412345, asthma, albuterol 90 mcg.";
  for (const auto& html : {repeated("<div>", 50'000) + fact, repeated("<blockquote>", 120'000) + fact, repeated("<table><tr><td>", 150'000) + fact, repeated("<b><i>", 60'000) + fact + repeated("</b>", 40'000),
                           fact + "<a href=\"" + std::string(1'000'000, 'x'), fact + repeated("<", 1'000'000), fact + repeated("<!--", 1'000'000), fact + repeated("&", 1'000'000),
                           fact + repeated("&#", 1'000'000), fact + "<style>" + repeated("a{", 500'000), fact + "<script>" + repeated("</scrip", 500'000), fact + repeated("<div style=\"display:none", 500'000),
                           fact + repeated("</p", 500'000)}) {
    CAPTURE(html.substr(0, 80));
    const auto outcome = scan_bounded(with_body("html", html));
    REQUIRE(outcome.status == PHISCAN_OK);
    CHECK(outcome.report.at("content") == "phi");
  }
}

TEST_CASE("50,000 recipients are read in bounded time") {
  Json request = mail("a@acme.example", "x", "Patient Janet Roe, MRN 00412345, asthma, albuterol 90 mcg.");
  request["to"] = Json::array();
  for (int i = 0; i < 50'000; ++i) request["to"].push_back(address("person" + std::to_string(i) + "@host" + std::to_string(i % 5'000) + ".example", "Person Number" + std::to_string(i)));
  const auto outcome = scan_bounded(request.dump());
  REQUIRE(outcome.status == PHISCAN_OK);
  CHECK(outcome.report.at("recipients").size() == 50'000);

  Json slips = request;
  for (std::size_t i = 0; i < slips["to"].size(); ++i) slips["to"][i]["address"] = "noreply" + std::to_string(i) + "@cllnic.example";
  slips["thread"]["participants"] = {"ana@clinic.example"};
  slips["compose"] = "reply_all";
  CHECK(scan_bounded(slips.dump()).status == PHISCAN_OK);

  Json list = mail("a@acme.example", "x", "hello");
  list["to"] = Json::array({{{"name", "Everyone"}, {"members", request["to"]}}});
  CHECK(scan_bounded(list.dump()).status == PHISCAN_OK);
}

TEST_CASE("text made to upset patterns is read in bounded time") {
  for (const std::string piece : {"1", "12 ", "1-", "1.", "1,2,", "a1:", ",", ", ", "\"", "(", "((1)", "[", "{", "{\"a\":", "|", "MRN ", "MRN: MRN ", "SSN 1 2 3 4 ", "DOB DOB ", "Dr. ", "Mr. A ", "Janet Roe ",
                                  "janet@", "@", "a@b.", "http://", "http://a?", "a?b=1&", "> ", ">\n", "-- \n", "\n", "\t", " ", "From: a\n", "On 1/1 x wrote:\n", "MSH|^~\\&|", "NM1*IL*1*", "ISA*", "a,b\n", "-----Original Message-----\n",
                                  "1/1/", "1st ", "xX", "0", "\xC2\xAD", "\xE2\x80\x8B", "\xE2\x80\xAE", "\xCC\x81", "\xEF\xBC\x91", "\xF0\x9F\x98\x80", "\xEF\xB7\xBA", "diabetes ", "A1c 8.2 % ", "patient "}) {
    CAPTURE(piece);
    for (const std::string form : {"text", "html"}) {
      CAPTURE(form);
      const auto outcome = scan_bounded(with_body(form, repeated(piece, 1'000'000)));
      CHECK(outcome.status == PHISCAN_OK);
    }
  }
}

TEST_CASE("a paper with thousands of names and facts is read in bounded time") {
  // Whether it is a paper at all depends on who stands beside what: that question must not be asked anew for every fact.
  static constexpr std::array<std::string_view, 10> given{"Janet", "Robert", "Maria", "Alma", "Helen", "Samuel", "Rosa", "Victor", "Irene", "Walter"};
  static constexpr std::array<std::string_view, 10> surname{"Gonzalez", "Ramirez", "Johnson", "Anderson", "Nguyen", "Patel", "Kowalski", "Okafor", "Fernandez", "Schmidt"};
  std::string body = "We report a case series (PMID 31234567, Ferris et al), in vitro and in vivo.\n\n";
  for (std::size_t i = 0; i < 2'500; ++i) {
    body += "Then metformin " + std::to_string(500 + i) + " mg was given.\n\n" + std::string(given[i % 10]) + " " + static_cast<char>('A' + i / 100) + ". " + std::string(surname[i / 10 % 10]) + " came by.\n\n";
  }
  const auto outcome = scan_bounded(with_body("text", body));
  CHECK(outcome.status == PHISCAN_OK);
  CHECK(outcome.report.at("complete") == true);
}

TEST_CASE("the same text in the subject, a file name, an address and a list of participants is bounded, too") {
  for (const std::string piece : {"1", "a1:", ",", "\"", "(", "Janet Roe ", "a@", "xn--", ".", "-"}) {
    CAPTURE(piece);
    const std::string text = repeated(piece, 300'000);
    Json request = mail("kim@acme.example", text, "hello");
    request["attachments"] = {{{"name", text}}};
    request["thread"]["participants"] = {text};
    request["to"].push_back(address(text, text));
    request["from"]["name"] = text;
    CHECK(scan_bounded(request.dump()).status == PHISCAN_OK);
  }
}

struct Loaded {
  phiscan_status status = PHISCAN_OK;
  std::string message, where, cache_state, cache;
};

Loaded load(std::string_view policy, std::string_view cache, const std::vector<std::string>& packs = {}) {
  std::vector<phiscan_view> views;
  for (const auto& pack : packs) views.push_back({pack.data(), pack.size()});
  phiscan_rules* rules = nullptr;
  phiscan_error* error = nullptr;
  Loaded out;
  out.status = phiscan_rules_load(views.data(), views.size(), {policy.data(), policy.size()}, {cache.data(), cache.size()}, &rules, &error);
  if (rules != nullptr) {
    const auto info = phiscan_rules_info(rules);
    out.cache_state = Json::parse(std::string_view(info.data, info.size)).at("cache");
    const auto kept = phiscan_rules_cache(rules);
    out.cache.assign(kept.data == nullptr ? "" : kept.data, kept.size);
  }
  if (error != nullptr) {
    const auto message = phiscan_error_message(error);
    const auto where = phiscan_error_where(error);
    out.message.assign(message.data, message.size);
    out.where.assign(where.data == nullptr ? "" : where.data, where.size);
  }
  phiscan_rules_free(rules);
  phiscan_error_free(error);
  return out;
}

TEST_CASE("a bad cache is put aside, never an error") {
  const auto first = load("", "");
  REQUIRE(first.status == PHISCAN_OK);
  REQUIRE_FALSE(first.cache.empty());
  CHECK(load("", first.cache).cache_state == "used");
  std::vector<std::string> bad{"x", std::string(1, '\0'), first.cache.substr(0, 40), first.cache.substr(0, first.cache.size() / 2), first.cache.substr(0, first.cache.size() - 1), first.cache + "x",
                               first.cache.substr(1)};
  std::mt19937 random(4);
  for (const std::size_t place : {std::size_t{3}, std::size_t{20}, std::size_t{90}, first.cache.size() / 3, first.cache.size() - 5}) {
    std::string flipped = first.cache;
    flipped[place] = static_cast<char>(flipped[place] ^ 0x10);
    bad.push_back(std::move(flipped));
  }
  for (const std::size_t size : {100U, 5'000U, 1'000'000U}) {
    std::string noise(size, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    bad.push_back(noise);
    bad.push_back(first.cache.substr(0, 88) + noise);  // behind a good head
  }
  for (const auto& cache : bad) {
    CAPTURE(cache.size());
    const auto again = load("", cache);
    CHECK(again.status == PHISCAN_OK);
    CHECK(again.cache_state == "rejected");
    CHECK(again.cache == first.cache);
  }
}

TEST_CASE("a cache is good for its own packs only") {
  const std::string small = R"({"schema": "phiscan.pack/1", "id": "small", "version": "1", "rules": [{"id": "x.one", "kind": "identity", "label": "mrn", "why": "It is one.",
    "heads": ["chart one"], "p": 0.9, "sources": ["none"], "examples": {"match": ["[[chart one]]"], "no_match": ["chart"]}}]})";
  const auto first = load("", "", {small});
  REQUIRE(first.status == PHISCAN_OK);
  CHECK(load("", first.cache, {small}).cache_state == "used");
  CHECK(load("", first.cache).cache_state == "rejected");
  CHECK(load("", first.cache, {small, small}).cache_state == "rejected");
  CHECK(load("", first.cache, {small + " "}).cache_state == "rejected");
  // The policy is not part of it, and a broken one stays an error.
  CHECK(load(R"({"schema": "phiscan.policy/1", "id": "c", "version": "1"})", first.cache, {small}).cache_state == "used");
  CHECK(load("{", first.cache, {small}).status == PHISCAN_E_POLICY);
}

std::string read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("every truncation of a policy is an error that names the policy") {
  const std::string whole = read_file(PHISCAN_POLICY_FILE);
  REQUIRE(whole.size() > 1'000);
  for (std::size_t size = 1; size < whole.find_last_of('}'); size += 97) {
    CAPTURE(size);
    phiscan_report* report = nullptr;
    REQUIRE(phiscan_policy_check({whole.data(), size}, &report, nullptr) == PHISCAN_OK);
    const auto json = phiscan_report_json(report);
    CHECK_FALSE(Json::parse(std::string_view(json.data, json.size)).at("problems").empty());
    phiscan_report_free(report);
    if (size % 5 == 0) {
      const auto loaded = load(std::string_view(whole).substr(0, size), "");
      CHECK((loaded.status == PHISCAN_E_POLICY || loaded.status == PHISCAN_E_JSON));
      CHECK_FALSE(loaded.message.empty());
    }
  }
}

TEST_CASE("a policy of the wrong kind is an error with a place") {
  for (const std::string text : {"[]", "7", "{}", R"({"schema":"phiscan.policy/9"})", R"({"schema":"phiscan.policy/1","own":7})", R"({"schema":"phiscan.policy/1","id":"a","version":"1","mode":"Quillfeather"})",
                                 R"({"schema":"phiscan.policy/1","id":"a","id":"b"})", "\xFF\xFE"}) {
    CAPTURE(text);
    const auto loaded = load(text, "");
    CHECK(loaded.status != PHISCAN_OK);
    CHECK(loaded.status != PHISCAN_E_INTERNAL);
    CHECK_FALSE(loaded.message.empty());
    check_silent(loaded.message);
  }
}

TEST_CASE("a truncated pack, and anything that is no pack, is an error") {
  const std::string rule = R"pack({"schema":"phiscan.pack/1","id":"x","version":"1","rules":[{"id":"x.a","title":"A","kind":"identity","label":"mrn","heads":["zq"],"pattern":"(\\d{4})","p":0.5,"why":"It points to a chart.","sources":["x"],"examples":{"match":["zq[[1234]]"],"no_match":["zq"]}}],"terms":{},"weights":{},"texts":{}})pack";
  REQUIRE(load("", "", {rule}).message == "");
  for (std::size_t size = 1; size < rule.size(); size += 7) {
    CAPTURE(size);
    const auto loaded = load("", "", {rule.substr(0, size)});
    CHECK(loaded.status != PHISCAN_OK);
    CHECK(loaded.status != PHISCAN_E_INTERNAL);
    CHECK_FALSE(loaded.message.empty());
  }
  std::string misspelt = rule;
  misspelt.replace(misspelt.find(R"("weights":{)"), 11, R"("weights":{"gate.helth":0.5,"//":"a remark")");
  CHECK(load("", "", {misspelt}).where == "/weights/gate.helth");
  for (const std::string text : {"", "[]", "{}", "null", "\xFF", "PK\x03\x04", R"({"schema":"phiscan.request/1"})", R"({"schema":"phiscan.pack/99"})"}) {
    CAPTURE(text);
    const auto loaded = load("", "", {text});
    CHECK(loaded.status != PHISCAN_OK);
    CHECK(loaded.status != PHISCAN_E_INTERNAL);
  }
}

TEST_CASE("NULL arguments are errors, not crashes") {
  phiscan_rules* rules = nullptr;
  phiscan_scanner* scanner = nullptr;
  phiscan_report* report = nullptr;
  phiscan_error* error = nullptr;
  CHECK(phiscan_rules_load(nullptr, 0, {nullptr, 4}, {nullptr, 0}, &rules, nullptr) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_rules_load(nullptr, 3, {nullptr, 0}, {nullptr, 0}, &rules, nullptr) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_rules_load(nullptr, 0, {nullptr, 0}, {nullptr, 0}, nullptr, nullptr) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_scanner_new(nullptr, &scanner, nullptr) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_scan(nullptr, {"{}", 2}, &report, &error) == PHISCAN_E_ARGUMENT);
  CHECK(phiscan_error_code(error) == PHISCAN_E_ARGUMENT);
  phiscan_error_free(error);
  phiscan_error_free(nullptr);
  phiscan_report_free(nullptr);
  phiscan_scanner_free(nullptr);
  phiscan_rules_free(nullptr);
}

// A canary in every string of a request, PHI around it, so that findings, offers, gaps and sentences all get their chance to leak.
Json canary_request() {
  Json request = mail("kim.quillfeather@mail.example", "Quillfeather biopsy result", "");
  request["from"] = address("zanzibarowski@clinic.example", "Zed Zanzibarowski");
  request["to"][0]["name"] = "Kim Quillfeather";
  request["to"].push_back(address("xylotomist@c1inic.example", "Xylotomist"));
  request["to"].push_back({{"name", "Zanzibarowski list"}, {"members", {address("quillfeather@clinic.example", "Q Quillfeather"), address("zanzibarowski@yopmail.com")}}, {"members_unknown", true}});
  request["cc"] = {address("not an address Quillfeather"), address("\"Quill feather\"@acme.example", "Zanzibarowski, Xylotomist")};
  request["bcc"] = {address("noreply@zanzibarowski.example", "Quillfeather")};
  const std::string body = "Hi Kim Quillfeather, Xylotomist! Patient Zed Zanzibarowski, DOB 04/12/1961, MRN 0041-Quillfeather-2345, lives at 12 Quillfeather Street, Xylotomist, IL 62701, "
                           "zanzibarowski@mail.example, https://portal.example/?patient=zanzibarowski. HIV viral load 48,000; started Xylotomist and metformin 500 mg.\n\n"
                           "-----Original Message-----\nFrom: Quillfeather <q@zanzibarowski.example>\nSent: Monday\nTo: Xylotomist\nSubject: Zanzibarowski\n\nDiagnosis of Quillfeather: diabetes.\n";
  request["body"] = {{"text", body}, {"html", "<p title=\"Quillfeather\">" + body + "</p><img alt=\"Zanzibarowski chart\" src=\"cid:xylotomist\">"}};
  request["compose"] = "forward";
  request["thread"]["participants"] = {"q@zanzibarowski.example", "Quillfeather"};
  request["attachments"] = {{{"name", "Quillfeather_labs.pdf"}, {"media_type", "application/zanzibarowski"}, {"size", 4}, {"sha256", "Xylotomist"}, {"unread", "encrypted"}},
                            {{"name", "Zanzibarowski.csv"}, {"media_type", "text/csv"}, {"text_parts", {{{"where", "Quillfeather sheet"}, {"text", "MRN,Last,Dx\n004123,Zanzibarowski,HIV\n004124,Quillfeather,E11.9\n"}}}}}};
  request["sender"] = {{"role", "Quillfeather"}, {"mailbox", "zanzibarowski@clinic.example"}};
  request["history"]["recipients"] = {{{"field", "to"}, {"index", 0}, {"first_time", true}}, {{"field", "cc"}, {"index", 77}, {"similar_to_usual", true}}};
  request["acknowledged"] = {"Quillfeather"};
  request["locale"] = "Zanzibarowski";
  request["explain"] = true;
  request["gaps"] = {{{"part", "attachments/0"}, {"why", "encrypted"}}, {{"part", "Quillfeather/Zanzibarowski"}, {"why", "crashed"}}};
  request["warnings"] = {"Quillfeather", "unknown charset Zanzibarowski in body.text", "body.text: unknown charset, read as windows-1252"};
  return request;
}

TEST_CASE("no word of the mail is in a report, whatever field it came in") {
  for (const Engine* engine : {&no_policy(), &clinic()}) {
    for (const char* locale : {"en", "es", "Zanzibarowski"}) {
      Json request = canary_request();
      request["locale"] = locale;
      const auto outcome = engine->scan_bytes(request.dump());
      REQUIRE(outcome.status == PHISCAN_OK);
      CHECK(outcome.report.at("content") == "phi");
      CHECK_FALSE(outcome.report.at("offers").empty());
      check_silent(outcome.raw);
    }
  }
}

TEST_CASE("a warning that names its part and nothing else stays") {
  Json request = mail("kim@acme.example", "x", "hello");
  request["warnings"] = {"body.text: unknown charset, read as windows-1252"};
  CHECK(no_policy().scan(request).at("warnings") == request["warnings"]);
}

TEST_CASE("unknown fields are named, unless the name could be text of the mail") {
  Json request = mail("kim@acme.example", "x", "hello");
  request["reply_to"] = "Quillfeather";
  request["Zanzibarowski, Zed"] = 1;
  request["quillfeather@mail.example"] = 1;
  request["Xylotomist"] = 1;
  request["body"]["rtf"] = "Quillfeather";
  const Json report = no_policy().scan(request);
  const std::string warnings = report.at("warnings").dump();
  CAPTURE(warnings);
  CHECK(warnings.find("unknown field /reply_to") != std::string::npos);
  CHECK(warnings.find("unknown field /body/rtf") != std::string::npos);
  check_silent(report.dump());
}

TEST_CASE("thousands of unknown fields, warnings and gaps do not swell a report") {
  Json request = mail("kim@acme.example", "x", "hello");
  for (int i = 0; i < 5'000; ++i) {
    request["field_" + std::to_string(i)] = i;
    request["warnings"].push_back("w" + std::to_string(i));
    request["gaps"].push_back({{"part", "attachments/" + std::to_string(i)}, {"why", "timeout"}});
  }
  const auto outcome = scan_bounded(request.dump());
  REQUIRE(outcome.status == PHISCAN_OK);
  CHECK(outcome.report.at("warnings").size() <= 200);
}

TEST_CASE("errors never quote the canaries, wherever the request breaks") {
  const std::string whole = canary_request().dump();
  for (std::size_t at = 0; at < whole.size(); at += 5) {
    for (const char bad : {'\x01', '"', '}', '[', '\\'}) {
      std::string broken = whole;
      broken[at] = bad;
      const auto outcome = no_policy().scan_bytes(broken);
      if (outcome.status == PHISCAN_OK) continue;  // inside a string most bytes are as good as any
      REQUIRE(outcome.status != PHISCAN_E_INTERNAL);
      REQUIRE_FALSE(outcome.message.empty());
      for (const auto& canary : canaries) {
        if (outcome.message.find(canary) != std::string::npos || outcome.where.find(canary) != std::string::npos) FAIL("byte " << at << ": the error quotes the mail at " << outcome.where);
      }
    }
  }
}

}  // namespace
}  // namespace phiscan::test
