#include "ruleset.hpp"

#include <phiscan/phiscan.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/digest.hpp"
#include "base/flat.hpp"
#include "sources_digest.hpp"

namespace phiscan {
namespace {

// A cache is: magic, key in hex, checksum of the bytes, bytes.
constexpr std::string_view magic = "phiscan-rules-1\n";
constexpr std::size_t key_size = 64;
constexpr std::size_t head_size = magic.size() + key_size + sizeof(std::uint64_t);

}  // namespace

// Bytes as this processor lays them out, made by the code of these sources: a developer's change is another key, too.
std::string Ruleset::cache_key(std::string_view packs) {
  constexpr std::string_view order = std::endian::native == std::endian::little ? "little" : "big";
  return sha256_hex({packs, "\n", detect::Shapes::platform(), "\n", order, "\n", sources_digest});
}

std::string Ruleset::cache() const {
  FlatWriter flat;
  flat(pack_);
  matcher_->write(flat);
  const std::string bytes = flat.take();
  const std::uint64_t sum = checksum(bytes);
  std::string out;
  out.reserve(head_size + bytes.size());
  out.append(magic).append(cache_key()).append(reinterpret_cast<const char*>(&sum), sizeof sum).append(bytes);
  return out;
}

bool Ruleset::restore(std::string_view cache, std::string_view packs) {
  if (cache.size() < head_size || !cache.starts_with(magic) || cache.substr(magic.size(), key_size) != cache_key(packs)) return false;
  std::uint64_t sum = 0;
  std::memcpy(&sum, cache.data() + magic.size() + key_size, sizeof sum);
  const auto bytes = cache.substr(head_size);
  if (checksum(bytes) != sum) return false;
  FlatReader flat(bytes);
  flat(pack_);
  matcher_ = detect::Matcher::read(pack_, flat);
  return matcher_.has_value();
}

Result<std::shared_ptr<const Ruleset>> Ruleset::load(const std::vector<std::string_view>& packs, std::string_view policy, std::string_view cache) {
  std::shared_ptr<Ruleset> set(new Ruleset());
  if (!cache.empty()) set->cache_state_ = set->restore(cache, rules::digest(packs)) ? "used" : "rejected";
  if (!set->matcher_) {
    auto pack = rules::read_pack(packs);
    if (!pack) return pack.error();
    set->pack_ = std::move(*pack);
  }
  auto site = rules::read_policy(policy);
  if (!site) return site.error();
  set->policy_ = std::move(*site);
  if (!set->matcher_) {
    auto matcher = detect::Matcher::compile(set->pack_);
    if (!matcher) return matcher.error();
    set->matcher_ = std::move(*matcher);
    std::erase_if(set->pack_.terms, [](const auto& list) { return std::find(rules::lists_kept.begin(), rules::lists_kept.end(), list.first) == rules::lists_kept.end(); });
  }
  set->lists_.emplace(set->pack_);
  return std::shared_ptr<const Ruleset>(std::move(set));
}

}  // namespace phiscan
