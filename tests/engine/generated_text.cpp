#include "generated_text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <vector>

#include "rules/pack.hpp"

namespace phiscan::test {

std::string generated_text(std::uint32_t seed) {
  static constexpr auto words = std::to_array<const char*>(
      {"MRN", "DOB", "SSN", "NPI", "DEA", "patient", "Patient:", "member ID", "claim #", "acct", "phone", "fax", "Janet Roe", "Mr. Roe", "Dr. Gray, MD", "J.R.", "born", "age", "93 y/o", "lisinopril",
       "A1c", "LDL", "E11.9", "ICD-10", "CPT", "mg/dL", "mmHg", "janet@mail.example", "@", "https://portal.example/?id=", "192.0.2.17", "2001:db8::1", "00:1B:44:11:3A:B7", "1EG4-TE5-MK73", "4111 1111 1111 1111",
       "1Z999AA10123456784", "1M8GDM9AXKP042788", "12 Elm Street", "Springfield, IL 62701", "(202) 555-0143", "202-555-0143", "04/12/1961", "4/12/61", "1961-04-12", "12-Apr-1961", "April 12, 1961", "098-76-5432",
       "Jos\xC3\xA9", "\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93", "\xD9\xA1\xD9\xA2", "\xC2\xBD", "\xE2\x84\x96", "\xF0\x9F\x98\x80", "na\xC3\xAFve", "\xCE\xB1\xCE\xB2", "\xE6\x97\xA5\xE6\x9C\xAC"});
  static constexpr auto joints = std::to_array<const char*>({" ", " ", " ", "", ": ", "#", "-", "/", ".", ", ", ";", "\n", "\n\n", "\t", "|", "(", ")", "_", "'", "\"", "=", "\xC2\xA0", "\xE2\x80\x8B", "\xC2\xAD", "\xE2\x80\x93", "*", "~", "^"});
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::string out;
  const std::size_t size = 40 + below(seed % 16 == 0 ? 20'000 : 1'500);
  while (out.size() < size) {
    switch (below(6)) {
      case 0:
        for (auto n = 1 + below(14); n != 0; --n) out += static_cast<char>('0' + below(10));
        break;
      case 1: {  // digits in groups
        const char joint = "-. /"[below(4)];
        for (auto groups = 2 + below(3); groups != 0; --groups) {
          for (auto n = 1 + below(5); n != 0; --n) out += static_cast<char>('0' + below(10));
          if (groups > 1) out += joint;
        }
        break;
      }
      case 2: {
        const bool upper = below(3) == 0;
        for (auto n = 1 + below(10); n != 0; --n) out += static_cast<char>((upper ? 'A' : 'a') + static_cast<char>(below(26)));
        break;
      }
      case 3:  // letters and digits mixed, as numbers of members and devices are
        for (auto n = 4 + below(14); n != 0; --n) out += below(2) == 0 ? static_cast<char>('A' + below(26)) : static_cast<char>('0' + below(10));
        break;
      default: out += words[below(words.size())];
    }
    out += joints[below(joints.size())];
  }
  return out;
}

std::string us_core_bundle() {
  namespace fs = std::filesystem;
  const fs::path root = PHISCAN_PACK_DIR;
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), root).generic_string());
  }
  std::sort(names.begin(), names.end());
  std::vector<std::string> contents;
  for (const auto& name : names) {
    std::ifstream in(root / name, std::ios::binary);
    contents.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  std::vector<rules::File> files;
  for (std::size_t i = 0; i < names.size(); ++i) files.push_back({names[i], contents[i]});
  auto bundle = rules::bundle(files);
  if (!bundle) throw std::runtime_error(bundle.error().message);
  return std::move(*bundle);
}

}  // namespace phiscan::test
