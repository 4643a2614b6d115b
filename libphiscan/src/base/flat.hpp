// Flat: values as plain bytes and back, for what a program keeps for itself between runs (the cache of compiled rules). The bytes are good for
// the build that wrote them, on the machine that wrote them; who keeps them says so in a key. One list of fields serves both ways:
//
//   static void fields(auto& flat, auto& it) { flat(it.id, it.words, it.weight); }
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace phiscan {

// Without padding, which would carry whatever lay in memory before.
template <typename T>
concept FlatValue = std::is_floating_point_v<T> || (std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T> && !std::is_pointer_v<T> &&
                                                    !std::is_convertible_v<T, std::string_view>);

class FlatWriter {
 public:
  template <typename... T>
  void operator()(const T&... values) { (put(values), ...); }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  void raw(const void* data, std::size_t size) { bytes_.append(static_cast<const char*>(data), size); }
  void size(std::size_t count) { put(static_cast<std::uint64_t>(count)); }

  template <typename T>
  void put(const T& value) {
    if constexpr (FlatValue<T>) raw(&value, sizeof value);
    else T::fields(*this, value);
  }
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(std::string_view text) {
    size(text.size());
    bytes_ += text;
  }
  template <typename T>
  void put(const std::vector<T>& list) {
    size(list.size());
    if constexpr (FlatValue<T>) raw(list.data(), list.size() * sizeof(T));
    else for (const auto& one : list) put(one);
  }
  template <typename K, typename V, typename Order>
  void put(const std::map<K, V, Order>& map) {
    size(map.size());
    for (const auto& [key, value] : map) (*this)(key, value);
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }

  std::string bytes_;
};

// Reads no further than its bytes: what is missing becomes empty, and is_whole() false.
class FlatReader {
 public:
  // The bytes must outlive the reader.
  explicit FlatReader(std::string_view bytes) : rest_(bytes) {}
  explicit FlatReader(std::string&& bytes) = delete;

  template <typename... T>
  void operator()(T&... values) { (get(values), ...); }
  // All that was asked for was there, and nothing more.
  [[nodiscard]] bool is_whole() const { return is_good_ && rest_.empty(); }

 private:
  void raw(void* data, std::size_t size) {
    if (size > rest_.size()) {
      is_good_ = false;
      rest_ = {};
    } else if (size != 0) {
      std::memcpy(data, rest_.data(), size);
      rest_.remove_prefix(size);
    }
  }
  // A count of things that take at least a byte each.
  [[nodiscard]] std::size_t size() {
    std::uint64_t count = 0;
    get(count);
    if (count > rest_.size()) {
      is_good_ = false;
      rest_ = {};
      return 0;
    }
    return static_cast<std::size_t>(count);
  }

  template <typename T>
  void get(T& value) {
    if constexpr (FlatValue<T>) raw(&value, sizeof value);
    else T::fields(*this, value);
  }
  void get(bool& value) {
    std::uint8_t byte = 0;
    get(byte);
    value = byte != 0;
  }
  void get(std::string& text) {
    text.resize(size());
    raw(text.data(), text.size());
  }
  void get(std::string_view& text) {  // borrowed
    const std::size_t count = size();
    text = rest_.substr(0, count);
    rest_.remove_prefix(count);
  }
  template <typename T>
  void get(std::vector<T>& list) {
    const std::size_t count = size();
    if constexpr (FlatValue<T>) {
      if (count > rest_.size() / sizeof(T)) {
        is_good_ = false;
        rest_ = {};
        return;
      }
      list.resize(count);
      raw(list.data(), count * sizeof(T));
    } else {
      list.clear();
      while (list.size() < count && is_good_) get(list.emplace_back());
    }
  }
  template <typename K, typename V, typename Order>
  void get(std::map<K, V, Order>& map) {
    for (std::size_t left = size(); left > 0; --left) {
      K key{};
      V value{};
      (*this)(key, value);
      map.emplace_hint(map.end(), std::move(key), std::move(value));
    }
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool is_there = false;
    get(is_there);
    value.reset();
    if (is_there) get(value.emplace());
  }

  std::string_view rest_;
  bool is_good_ = true;
};

}  // namespace phiscan
