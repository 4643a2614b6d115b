#include <doctest/doctest.h>
#include <fit.hpp>

using namespace phiscan::host;

namespace {

Json report_with(int findings) {
  Json report = {{"findings", Json::array()}, {"recipients", Json::array()}, {"offers", Json::array()}, {"gaps", Json::array()}, {"warnings", Json::array()},
                 {"text", {{"lines", {{{"severity", 3}, {"text", "{finding:0} and {finding:7} for {recipient:to/0}"}}}}}}};
  for (int i = 0; i < findings; ++i) {
    report["findings"].push_back({{"rule", "us.mrn"}, {"number", i}, {"counted", i % 2 == 0}, {"spans", {{{"part", "body.text"}, {"utf8", {i, i + 1}}}}}});
  }
  return report;
}

}  // namespace

TEST_CASE("a report that fits is left alone") {
  auto report = report_with(10);
  const auto before = report;
  CHECK(fit(report, 1'000'000).is_null());
  CHECK(report == before);
}

TEST_CASE("a long list is cut, counted, and the sentences still point at the same findings") {
  auto report = report_with(5000);
  const auto left_out = fit(report, 100'000);
  CHECK(to_text(report).size() <= 100'000);
  const auto& findings = report["findings"];
  CHECK(left_out["findings"].get<std::size_t>() + findings.size() == 5000);
  CHECK(findings.size() > 50);
  // Finding 7 does not count, but a sentence names it.
  std::size_t at = findings.size();
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (findings[i]["number"] == 7) at = i;
  }
  REQUIRE(at < findings.size());
  CHECK(report["text"]["lines"][0]["text"] == "{finding:0} and {finding:" + std::to_string(at) + "} for {recipient:to/0}");
  for (const auto& one : findings) CHECK((one["counted"] == true || one["number"] == 7));
}

TEST_CASE("an offer is whole or gone") {
  auto report = report_with(1);
  Json edits = Json::array();
  for (int i = 0; i < 5000; ++i) edits.push_back({{"part", "body.text"}, {"utf8", {i, i + 1}}, {"replacement", "[name]"}});
  report["offers"].push_back({{"kind", "redact"}, {"edits", edits}});
  report["offers"].push_back({{"kind", "trim_quote"}, {"edits", Json::array()}});
  const auto left_out = fit(report, 100'000);
  REQUIRE(report["offers"].size() == 1);
  CHECK(report["offers"][0]["kind"] == "trim_quote");
  CHECK(left_out["offers"] == Json({"redact"}));
}

TEST_CASE("recipients with a risk stay longest") {
  auto report = report_with(1);
  for (int i = 0; i < 20'000; ++i) {
    Json risks = Json::array();
    if (i == 19'999) risks.push_back("typo_domain");
    report["recipients"].push_back({{"field", "to"}, {"index", i}, {"class", "unknown"}, {"risks", risks}});
  }
  const auto left_out = fit(report, 100'000);
  CHECK(to_text(report).size() <= 100'000);
  CHECK(report["recipients"].back()["index"] == 19'999);
  CHECK(left_out["recipients"].get<std::size_t>() + report["recipients"].size() == 20'000);
}
