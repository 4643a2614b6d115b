// phiscan.h as C++ values: rules, a scanner, and failures as values. Rules are shared by threads; a Scanner belongs to one.
// The command line and the host stand on this; neither sees more of the engine.
#pragma once

#include <phiscan/phiscan.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace phiscan::engine {

// What is wrong with one input. Never holds text of the mail.
struct Failure {
  std::string code;     // "json", "schema", "not_found" ...
  std::string where;    // a JSON pointer, a file or a rule; may be empty
  std::string message;  // what is wrong and, where there is something to do, what
};

struct Report {
  phiscan_action action = PHISCAN_ACTION_NONE;
  std::string json;
};

template <typename T>
using Or = std::variant<T, Failure>;

class Rules {
 public:
  // No bundles: the built-in pack; an empty text among them stands for it, too. No policy: an empty text. `with_cache` keeps compiled patterns between runs.
  [[nodiscard]] static Or<Rules> load(const std::vector<std::string>& bundles, std::string_view policy, bool with_cache);

  [[nodiscard]] const phiscan_rules* get() const { return rules_.get(); }
  [[nodiscard]] std::string_view info() const;

 private:
  std::shared_ptr<phiscan_rules> rules_;
};

class Scanner {
 public:
  [[nodiscard]] static Or<Scanner> make(const Rules& rules);
  [[nodiscard]] Or<Report> scan(std::string_view request_json);

 private:
  struct Free {
    void operator()(phiscan_scanner* scanner) const { phiscan_scanner_free(scanner); }
  };
  std::unique_ptr<phiscan_scanner, Free> scanner_;
};

// A whole file of the caller (policy, pack); `what` names it in the failure, whose `where` is the path.
[[nodiscard]] Or<std::string> read_file(const std::string& path, std::string_view what);

// The bundle of a pack: a file as it is, or the files of a folder.
[[nodiscard]] Or<std::string> read_pack(const std::string& path);

// The pack and policy tools of phiscan.h answer with JSON.
[[nodiscard]] Or<std::string> pack_bundle(const std::vector<std::pair<std::string, std::string>>& files);
[[nodiscard]] Or<std::string> pack_check(const std::vector<std::string>& bundles);
[[nodiscard]] Or<std::string> policy_check(std::string_view policy);
[[nodiscard]] Or<std::string> policy_describe(std::string_view policy, std::string_view locale);

// "policy.json: /mode: must be one of ..." for a person.
[[nodiscard]] std::string sentence(std::string_view input, const Failure& failure);

[[nodiscard]] inline std::string_view text(phiscan_view view) { return view.size == 0 ? std::string_view() : std::string_view(view.data, view.size); }
[[nodiscard]] inline phiscan_view view(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace phiscan::engine
