// Build tool: reads a pack folder and writes its bundle as a C++ source file, so that the default pack lies inside the library.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "rules/pack.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: phiscan_bundle_pack PACK_DIR OUTPUT.cpp\n";
    return 2;
  }
  namespace fs = std::filesystem;
  const fs::path root = argv[1];
  std::vector<std::string> names, contents;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    names.push_back(fs::relative(entry.path(), root).generic_string());
  }
  std::sort(names.begin(), names.end());
  for (const auto& name : names) {
    std::ifstream in(root / name, std::ios::binary);
    contents.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  std::vector<phiscan::rules::File> files;
  for (std::size_t i = 0; i < names.size(); ++i) files.push_back({names[i], contents[i]});
  const auto bundle = phiscan::rules::bundle(files);
  if (!bundle) {
    std::cerr << bundle.error().where << ": " << bundle.error().message << '\n';
    return 1;
  }
  std::ofstream out(argv[2], std::ios::binary);
  // A string literal compiles in a blink where a list of numbers takes a minute; octal escapes end by themselves.
  out << "// Made at build time from packs/us-core; do not edit.\n#include \"capi/builtin_pack.hpp\"\n\n"
         "namespace phiscan::capi {\nnamespace {\nconstexpr char bytes[] =";
  for (std::size_t i = 0; i < bundle->size(); ++i) {
    if (i % 100 == 0) out << (i == 0 ? "\n\"" : "\"\n\"");
    const auto byte = static_cast<unsigned char>((*bundle)[i]);
    if (byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\' && byte != '?') {
      out << static_cast<char>(byte);
    } else {
      out << '\\' << static_cast<char>('0' + (byte >> 6U)) << static_cast<char>('0' + (byte >> 3U & 7U)) << static_cast<char>('0' + (byte & 7U));
    }
  }
  out << "\";\n}  // namespace\n\nstd::string_view builtin_pack() { return {bytes, sizeof bytes - 1}; }\n}  // namespace phiscan::capi\n";
  return out.good() ? 0 : 1;
}
