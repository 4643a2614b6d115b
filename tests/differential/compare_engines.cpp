// Two builds of libphiscan in one process must give the same report, byte for byte, for every request and for text made from a seed:
// whichever engine proposes (Hyperscan, Vectorscan, RE2), the findings are equal. A library beside itself starts from its own cache, and must
// find the same that way. compare_engines LIBRARY LIBRARY REQUESTS [GENERATED]
#include <dlfcn.h>
#include <phiscan/phiscan.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

class Engine {
 public:
  explicit Engine(const char* path, std::string_view cache = {}) : library_(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) give_up(dlerror());
    scan_ = function<decltype(scan_)>("phiscan_scan");
    json_ = function<decltype(json_)>("phiscan_report_json");
    free_ = function<decltype(free_)>("phiscan_report_free");
    const auto load = function<decltype(&phiscan_rules_load)>("phiscan_rules_load");
    const auto info = function<decltype(&phiscan_rules_info)>("phiscan_rules_info");
    const auto make = function<decltype(&phiscan_scanner_new)>("phiscan_scanner_new");
    phiscan_rules* rules = nullptr;
    if (load(nullptr, 0, {nullptr, 0}, {cache.data(), cache.size()}, &rules, nullptr) != PHISCAN_OK) give_up("the rules do not load");
    const std::string_view about(info(rules).data, info(rules).size);
    if (!cache.empty() && about.find("\"cache\":\"used\"") == about.npos) give_up("the library does not take its own cache");
    const auto kept = function<decltype(&phiscan_rules_cache)>("phiscan_rules_cache")(rules);
    cache_.assign(kept.data, kept.size);
    const auto at = about.find("\"proposer\":\"");
    if (at != about.npos) name_ = about.substr(at + 12, about.find('"', at + 12) - at - 12);
    if (make(rules, &scanner_, nullptr) != PHISCAN_OK) give_up("no scanner");
    function<decltype(&phiscan_rules_free)>("phiscan_rules_free")(rules);
  }
  ~Engine() { function<decltype(&phiscan_scanner_free)>("phiscan_scanner_free")(scanner_); }  // the library stays until the process ends
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // The report, or the status when there is none.
  std::string scan(std::string_view request) {
    phiscan_report* report = nullptr;
    const auto before = std::chrono::steady_clock::now();
    const auto status = scan_(scanner_, {request.data(), request.size()}, &report, nullptr);
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    if (status != PHISCAN_OK) return "status " + std::to_string(status);
    const auto view = json_(report);
    std::string text(view.data, view.size);
    free_(report);
    return text;
  }

  [[nodiscard]] const std::string& cache() const { return cache_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  template <typename Function>
  Function function(const char* symbol) {
    void* const found = dlsym(library_, symbol);
    if (found == nullptr) give_up(symbol);
    return reinterpret_cast<Function>(found);
  }
  [[noreturn]] static void give_up(const char* why) {
    std::fprintf(stderr, "compare_engines: %s\n", why);
    std::exit(2);
  }

  void* library_;
  decltype(&phiscan_scan) scan_;
  decltype(&phiscan_report_json) json_;
  decltype(&phiscan_report_free) free_;
  phiscan_scanner* scanner_ = nullptr;
  std::string name_ = "?";
  std::string cache_;
  double seconds_ = 0;
};

// Runs of what patterns look for, near misses of it, and joins between them; long enough to cross the blocks of any proposer.
std::string generated(std::mt19937& random) {
  static constexpr const char* pieces[] = {
      "MRN ", "DOB: ", "SSN ", "call ", "fax ", "lisinopril ", "HbA1c ", "E11.9 ", "ICD-10 ", "NPI ", "member ID ", "Dana Roe ", "Dr. Gray ", "patient ",
      "@mail.test", "https://portal.test/?id=", "2026-11-22", "11/22/1961", "555-01", "78 bpm ", "120/80 ", "98.6 F ", "mg ", "\\n", "\\n\\n", "| ", ", ",
      ": ", "-", ".", "/", "#", "  ", "_", "\\u00e9", "\\u00a0", "\\u200b", "\\u2013", "\\uff11", "Jos\\u00e9 ", "\\ud83d\\ude00", "room 4 ", "invoice "};
  std::string body;
  const auto size = 100 + random() % 6000;
  while (body.size() < size) {
    switch (random() % 5) {
      case 0:
        for (auto n = 1 + random() % 12; n != 0; --n) body += static_cast<char>('0' + random() % 10);
        break;
      case 1:
        for (auto n = 1 + random() % 9; n != 0; --n) body += static_cast<char>((random() % 4 == 0 ? 'A' : 'a') + static_cast<int>(random() % 26));
        break;
      default:
        body += pieces[random() % std::size(pieces)];
    }
    if (random() % 3 == 0) body += ' ';
  }
  return R"({"schema":"phiscan.request/1","from":{"address":"a@clinic.example"},"to":[{"address":"b@elsewhere.example"}],"subject":"x","body":{")" +
         std::string(random() % 2 == 0 ? "text" : "html") + R"(":")" + body + "\"}}";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) return 2;
  Engine a(argv[1]);
  Engine b(argv[2], std::string_view(argv[1]) == argv[2] ? a.cache() : std::string());
  std::ifstream in(argv[3], std::ios::binary);
  std::size_t compared = 0;
  std::size_t differ = 0;
  const auto compare = [&](const char* kind, std::size_t number, std::string_view request) {
    ++compared;
    if (a.scan(request) == b.scan(request)) return;
    if (++differ <= 20) std::printf("%s %zu: the reports differ\n", kind, number);
  };

  std::size_t number = 0;
  for (std::string request; std::getline(in, request);) compare("request", ++number, request);
  if (number == 0) return 2;
  std::mt19937 random(20261122);
  const auto extra = argc == 5 ? std::strtoul(argv[4], nullptr, 10) : 300UL;
  for (std::size_t i = 1; i <= extra; ++i) compare("generated", i, generated(random));

  std::printf("%s (%.2f s) and %s (%.2f s): %zu requests, %zu differ\n", a.name().c_str(), a.seconds(), b.name().c_str(), b.seconds(), compared, differ);
  return differ == 0 ? 0 : 1;
}
