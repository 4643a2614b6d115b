#define PCRE2_CODE_UNIT_WIDTH 8
#include "engines.hpp"

#include <pcre2.h>
#include <re2/re2.h>
#include <re2/set.h>

#ifdef PHISCAN_WITH_HYPERSCAN
#include <hs.h>
#endif

namespace phiscan::bench {
namespace {

#ifdef PHISCAN_WITH_HYPERSCAN

class Hyperscan : public Engine {
 public:
  explicit Hyperscan(const std::vector<Pattern>& patterns) {
    std::vector<const char*> texts;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (const auto& pattern : patterns) {
      const unsigned flag = pattern.case_sensitive ? 0U : static_cast<unsigned>(HS_FLAG_CASELESS);
      hs_expr_info_t* info = nullptr;
      hs_compile_error_t* error = nullptr;
      if (hs_expression_info(pattern.text.c_str(), flag, &info, &error) != HS_SUCCESS) {
        hs_free_compile_error(error);
        continue;
      }
      std::free(info);
      texts.push_back(pattern.text.c_str());
      flags.push_back(flag);
      ids.push_back(static_cast<unsigned>(ids.size()));
    }
    hs_compile_error_t* error = nullptr;
    // One pattern that is too large for a database fails all of them: take it out and try again.
    while (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr, &database_, &error) !=
           HS_SUCCESS) {
      const int bad = error == nullptr ? -1 : error->expression;
      hs_free_compile_error(error);
      error = nullptr;
      if (bad < 0) return;
      texts.erase(texts.begin() + bad);
      flags.erase(flags.begin() + bad);
      ids.pop_back();
    }
    if (hs_alloc_scratch(database_, &scratch_) == HS_SUCCESS) patterns_ = texts.size();
  }
  ~Hyperscan() override {
    hs_free_scratch(scratch_);
    hs_free_database(database_);
  }
  Hyperscan(const Hyperscan&) = delete;
  Hyperscan& operator=(const Hyperscan&) = delete;

  std::size_t scan(std::string_view text) override {
    std::size_t count = 0;
    const auto on_match = [](unsigned, unsigned long long, unsigned long long, unsigned, void* context) {
      ++*static_cast<std::size_t*>(context);
      return 0;
    };
    if (patterns_ != 0) hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_, on_match, &count);
    return count;
  }

 private:
  hs_database_t* database_ = nullptr;
  hs_scratch_t* scratch_ = nullptr;
};

#endif

class Re2Set : public Engine {
 public:
  explicit Re2Set(const std::vector<Pattern>& patterns) : set_(options(), RE2::UNANCHORED) {
    for (const auto& pattern : patterns) {
      if (set_.Add(pattern.case_sensitive ? "(?-i:" + pattern.text + ")" : pattern.text, nullptr) >= 0) ++patterns_;
    }
    if (!set_.Compile()) patterns_ = 0;
  }
  std::size_t scan(std::string_view text) override {
    if (patterns_ == 0) return 0;
    std::size_t count = 0;
    constexpr std::size_t block = 1024;  // larger blocks fill the set of ids, then say nothing more
    for (std::size_t at = 0; at < text.size(); at += block) {
      std::vector<int> ids;
      set_.Match(re2::StringPiece(text.data() + at, std::min(block, text.size() - at)), &ids);
      count += ids.size();
    }
    return count;
  }

 private:
  static RE2::Options options() {
    RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_max_mem(256 << 20);
    return options;
  }
  RE2::Set set_;
};

class Pcre2 : public Engine {
 public:
  explicit Pcre2(const std::vector<Pattern>& patterns) {
    for (const auto& pattern : patterns) {
      int error = 0;
      PCRE2_SIZE at = 0;
      auto* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.text.data()), pattern.text.size(), pattern.case_sensitive ? 0U : PCRE2_CASELESS, &error, &at, nullptr);
      if (code == nullptr) continue;
      pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
      codes_.push_back(code);
    }
    patterns_ = codes_.size();
    data_ = pcre2_match_data_create(16, nullptr);
  }
  ~Pcre2() override {
    for (auto* code : codes_) pcre2_code_free(code);
    pcre2_match_data_free(data_);
  }
  Pcre2(const Pcre2&) = delete;
  Pcre2& operator=(const Pcre2&) = delete;

  std::size_t scan(std::string_view text) override {
    std::size_t count = 0;
    for (auto* code : codes_) {
      std::size_t at = 0;
      while (at <= text.size() && pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), at, 0, data_, nullptr) >= 0) {
        const auto* ends = pcre2_get_ovector_pointer(data_);
        at = std::max(ends[1], ends[0] + 1);
        ++count;
      }
    }
    return count;
  }

 private:
  std::vector<pcre2_code*> codes_;
  pcre2_match_data* data_ = nullptr;
};

std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\.+*?()[]{}|^$-").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::vector<Pattern> shape_patterns(const rules::Pack& pack) {
  std::vector<Pattern> out;
  for (const auto& rule : pack.rules) {
    if (rule.recogniser.empty() && rule.heads.empty() && rule.terms.empty()) out.push_back({rule.pattern, rule.case_sensitive});
  }
  return out;
}

std::vector<Pattern> all_patterns(const rules::Pack& pack) {
  std::vector<Pattern> out;
  for (const auto& rule : pack.rules) {
    if (!rule.recogniser.empty() || (rule.heads.empty() && !rule.terms.empty())) continue;
    std::string heads;
    for (const auto& head : rule.heads) heads += (heads.empty() ? "(?:" : "|") + literal(head);
    if (!heads.empty()) heads = "\\b" + heads + ")";
    out.push_back({heads + (rule.pattern.empty() ? "\\b" : "(?:" + rule.pattern + ")"), rule.case_sensitive && rule.heads.empty()});
  }
  return out;
}

#ifdef PHISCAN_WITH_HYPERSCAN
std::unique_ptr<Engine> hyperscan(const std::vector<Pattern>& patterns) { return std::make_unique<Hyperscan>(patterns); }
#else
std::unique_ptr<Engine> hyperscan(const std::vector<Pattern>&) { return nullptr; }
#endif
std::unique_ptr<Engine> re2_set(const std::vector<Pattern>& patterns) { return std::make_unique<Re2Set>(patterns); }
std::unique_ptr<Engine> pcre2(const std::vector<Pattern>& patterns) { return std::make_unique<Pcre2>(patterns); }

}  // namespace phiscan::bench
