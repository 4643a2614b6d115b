#include "json.hpp"

#include <algorithm>

namespace phiscan::host {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_keys = 256;  // looked through one by one
constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Bytes of the valid UTF-8 sequence that begins here; 0 when there is none.
std::size_t sequence(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const auto is_tail = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return is_tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!is_tail(1) || !is_tail(2)) return 0;
    if (lead == 0xE0 && at(1) < 0xA0) return 0;
    if (lead == 0xED && at(1) > 0x9F) return 0;
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!is_tail(1) || !is_tail(2) || !is_tail(3)) return 0;
    if (lead == 0xF0 && at(1) < 0x90) return 0;
    if (lead == 0xF4 && at(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

// The code unit of "\uXXXX" at the front; nothing when it is something else.
std::optional<unsigned> unit(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return value;
}

// What the JSON library would refuse although a mail program may well send it: lone surrogates, bytes that are no UTF-8.
std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t take = 1;
    if (text[0] == '\\') {
      take = std::min<std::size_t>(2, text.size());
      if (const auto first = unit(text)) {
        take = 6;
        const bool is_high = *first >= 0xD800 && *first <= 0xDBFF, is_low = *first >= 0xDC00 && *first <= 0xDFFF;
        const auto second = is_high ? unit(text.substr(6)) : std::nullopt;
        if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
          take = 12;
        } else if (is_high || is_low) {
          out += "\\ufffd";
          text.remove_prefix(6);
          continue;
        }
      }
    } else {
      take = sequence(text);
      if (take == 0) {
        out += replacement;
        text.remove_prefix(1);
        continue;
      }
    }
    out.append(text.substr(0, take));
    text.remove_prefix(take);
  }
  return out;
}

bool needs_repair(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\\' && i + 2 < text.size() && text[i + 1] == 'u' && (text[i + 2] == 'd' || text[i + 2] == 'D')) return true;
    const auto take = sequence(text.substr(i, 4));
    if (take == 0) return true;
    i += take;
  }
  return false;
}

// Only names that a schema could have are named; a guest's own keys may be words of a mail.
bool is_field_name(std::string_view key) {
  return !key.empty() && key.size() <= 32 && key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

class Builder : public nlohmann::json_sax<Json> {
 public:
  Json result;
  std::optional<Problem> problem;

  bool null() override { return put(Json()); }
  bool boolean(bool value) override { return put(Json(value)); }
  bool number_integer(number_integer_t value) override { return put(Json(value)); }
  bool number_unsigned(number_unsigned_t value) override { return put(Json(value)); }
  bool number_float(number_float_t value, const string_t&) override { return put(Json(value)); }
  bool string(string_t& value) override { return put(Json(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    auto& object = *open_.back();
    if (object.contains(value)) {
      std::string where;
      for (const auto& one : keys_) where += "/" + (is_field_name(one) ? one : std::string("?"));
      problem = Problem{"bad_json", where + "/" + (is_field_name(value) ? value : std::string("?")), "the same key is there twice"};
      return false;
    }
    if (object.size() >= max_keys) {
      problem = Problem{"bad_json", "", "an object with more than 256 keys"};
      return false;
    }
    key_ = std::move(value);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    if (!problem) problem = Problem{"bad_json", "", "not JSON; it breaks at byte " + std::to_string(position)};
    return false;
  }

 private:
  Json* place(Json value) {
    if (open_.empty()) {
      result = std::move(value);
      return &result;
    }
    auto& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    auto& slot = parent[key_];
    slot = std::move(value);
    return &slot;
  }
  bool put(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json value) {
    if (open_.size() >= max_depth) {
      problem = Problem{"bad_json", "", "nested deeper than 64"};
      return false;
    }
    keys_.push_back(!open_.empty() && open_.back()->is_object() ? key_ : std::string());
    if (open_.empty()) keys_.clear();
    else if (open_.back()->is_array()) keys_.back() = std::to_string(open_.back()->size());
    open_.push_back(place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    if (!keys_.empty()) keys_.pop_back();
    return true;
  }

  std::vector<Json*> open_;
  std::vector<std::string> keys_;
  std::string key_;
};

const Json& empty_object() {
  static const Json empty = Json::object();
  return empty;
}
const Json& empty_list() {
  static const Json empty = Json::array();
  return empty;
}

}  // namespace

std::variant<Json, Problem> parse_json(std::string_view bytes) {
  std::string fixed;
  if (needs_repair(bytes)) {
    fixed = repaired(bytes);
    bytes = fixed;
  }
  Builder builder;
  if (Json::sax_parse(bytes.begin(), bytes.end(), &builder)) return std::move(builder.result);
  return builder.problem.value_or(Problem{"bad_json", "", "not JSON"});
}

Fields::Fields(const Json& object, std::string where, std::optional<Problem>& problem) : object_(object), where_(std::move(where)), problem_(problem) {
  if (!object_.is_object() && !problem_) problem_ = Problem{"bad_request", where_, "must be an object"};
}

const Json* Fields::find(const char* key) const {
  if (!object_.is_object()) return nullptr;
  const auto at = object_.find(key);
  return at == object_.end() || at->is_null() ? nullptr : &*at;
}

bool Fields::has(const char* key) const { return find(key) != nullptr; }

void Fields::fail(const char* key, std::string message, std::string code) {
  if (!problem_) problem_ = Problem{std::move(code), *key == '\0' ? where_ : place(key), std::move(message)};
}

std::string Fields::text(const char* key, std::size_t longest, std::string_view otherwise) {
  const auto* value = find(key);
  if (value == nullptr) return std::string(otherwise);
  if (!value->is_string()) {
    fail(key, "must be a text");
    return std::string(otherwise);
  }
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() > longest) {
    fail(key, "must have at most " + std::to_string(longest) + " bytes");
    return std::string(otherwise);
  }
  return text;
}

std::string Fields::required_text(const char* key, std::size_t longest) {
  auto out = text(key, longest);
  if (out.empty()) fail(key, "is required");
  return out;
}

std::int64_t Fields::number(const char* key, std::int64_t least, std::int64_t most, std::optional<std::int64_t> otherwise) {
  const auto* value = find(key);
  if (value == nullptr) {
    if (!otherwise) fail(key, "is required");
    return otherwise.value_or(least);
  }
  const bool fits = value->is_number_integer() && (!value->is_number_unsigned() || value->get<std::uint64_t>() <= static_cast<std::uint64_t>(most)) &&
                    value->get<std::int64_t>() >= least && value->get<std::int64_t>() <= most;
  if (fits) return value->get<std::int64_t>();
  fail(key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return least;
}

bool Fields::flag(const char* key, bool otherwise) {
  const auto* value = find(key);
  if (value == nullptr) return otherwise;
  if (!value->is_boolean()) {
    fail(key, "must be true or false");
    return otherwise;
  }
  return value->get<bool>();
}

std::string Fields::one_of(const char* key, std::initializer_list<std::string_view> words, std::string_view otherwise) {
  const auto* value = find(key);
  if (value == nullptr && !otherwise.empty()) return std::string(otherwise);
  if (value != nullptr && value->is_string() && std::find(words.begin(), words.end(), value->get_ref<const std::string&>()) != words.end()) {
    return value->get<std::string>();
  }
  std::string list;
  for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  fail(key, (value == nullptr ? "is required: one of " : "must be one of ") + list);
  return std::string(otherwise);
}

std::string Fields::digest(const char* key) {
  auto out = required_text(key, 64);
  if (out.size() != 64 || out.find_first_not_of("0123456789abcdef") != std::string::npos) fail(key, "must be a SHA-256 in 64 lower-case hex digits");
  return out;
}

const Json& Fields::object(const char* key, bool required) {
  const auto* value = find(key);
  if (value != nullptr && value->is_object()) return *value;
  if (value != nullptr) fail(key, "must be an object");
  else if (required) fail(key, "is required");
  return empty_object();
}

const Json& Fields::list(const char* key, std::size_t most, bool required) {
  const auto* value = find(key);
  if (value == nullptr) {
    if (required) fail(key, "is required");
    return empty_list();
  }
  if (!value->is_array()) {
    fail(key, "must be a list");
    return empty_list();
  }
  if (value->size() > most) {
    fail(key, "must have at most " + std::to_string(most) + " entries");
    return empty_list();
  }
  return *value;
}

}  // namespace phiscan::host
