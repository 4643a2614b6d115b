#include "recipients/confusables.hpp"

#include <unicode/uidna.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "text/text.hpp"

namespace phiscan::recipients {
namespace {

using Idna = std::unique_ptr<UIDNA, decltype(&uidna_close)>;
using Spoof = std::unique_ptr<USpoofChecker, decltype(&uspoof_close)>;

Idna open_idna() {
  UErrorCode status = U_ZERO_ERROR;
  return {uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE | UIDNA_CHECK_BIDI, &status), &uidna_close};
}

std::string icu_skeleton(const USpoofChecker* checker, std::string_view text) {
  std::string out(text.size() * 4 + 16, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    UErrorCode status = U_ZERO_ERROR;
    const auto size = uspoof_getSkeletonUTF8(checker, 0, text.data(), static_cast<int32_t>(text.size()), out.data(),
                                             static_cast<int32_t>(out.size()), &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
      out.resize(static_cast<std::size_t>(size) + 1);
      continue;
    }
    if (U_FAILURE(status)) return std::string(text);
    out.resize(static_cast<std::size_t>(size));
    return out;
  }
  return std::string(text);
}

// What UTS #39 leaves apart in ASCII, but print does not.
std::string fold_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    switch (c) {
      case '0': c = 'o'; break;
      case '1':
      case '|':
      case 'i': c = 'l'; break;
      case '5': c = 's'; break;
      default: break;
    }
    const char before = out.empty() ? '\0' : out.back();
    if (before == 'r' && c == 'n') out.back() = 'm';
    else if (before == 'v' && c == 'v') out.back() = 'w';
    else if (before == 'c' && c == 'l') out.back() = 'd';
    else out += c;
  }
  return out;
}

}  // namespace

std::optional<std::string> host_to_ascii(std::string_view utf8) {
  const auto idna = open_idna();
  if (!idna || utf8.size() > 1000) return std::nullopt;
  UErrorCode status = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  std::string out(512, '\0');
  const auto size = uidna_nameToASCII_UTF8(idna.get(), utf8.data(), static_cast<int32_t>(utf8.size()), out.data(),
                                           static_cast<int32_t>(out.size()), &info, &status);
  constexpr uint32_t fatal = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |
                             UIDNA_ERROR_DISALLOWED | UIDNA_ERROR_PUNYCODE | UIDNA_ERROR_INVALID_ACE_LABEL;
  if (U_FAILURE(status) || size <= 0 || (info.errors & fatal) != 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string host_to_unicode(std::string_view ascii) {
  const auto idna = open_idna();
  if (!idna || ascii.size() > 1000) return std::string(ascii);
  UErrorCode status = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  std::string out(2048, '\0');
  const auto size = uidna_nameToUnicodeUTF8(idna.get(), ascii.data(), static_cast<int32_t>(ascii.size()), out.data(),
                                            static_cast<int32_t>(out.size()), &info, &status);
  if (U_FAILURE(status) || size <= 0) return std::string(ascii);
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string skeleton(std::string_view utf8) {
  if (std::ranges::all_of(utf8, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return fold_ascii(utf8);
  UErrorCode status = U_ZERO_ERROR;
  const Spoof checker(uspoof_open(&status), &uspoof_close);
  if (U_FAILURE(status)) return fold_ascii(text::fold(utf8));
  return fold_ascii(icu_skeleton(checker.get(), text::fold(icu_skeleton(checker.get(), utf8))));
}

std::optional<std::size_t> distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > limit) return std::nullopt;
  // Three rows of the optimal-string-alignment table. Labels are at most 63 bytes; anything longer is nobody's slip.
  constexpr std::size_t longest = 63;
  if (b.size() > longest) return std::nullopt;
  std::size_t rows[3][longest + 1];
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    row[0] = i;
    std::size_t best = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], two_above[j - 2] + 1);
      best = std::min(best, row[j]);
    }
    if (best > limit) return std::nullopt;
  }
  const std::size_t found = rows[a.size() % 3][b.size()];
  return found <= limit ? std::optional(found) : std::nullopt;
}

std::size_t allowed_slips(std::size_t length) { return length < 5 ? 0 : length < 10 ? 1 : 2; }

}  // namespace phiscan::recipients
