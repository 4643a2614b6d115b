// Runs a fuzz target without a fuzzer: every file of a folder, then 200 small changes of each, from a fixed seed. A crash, a sanitizer's
// word or a run that takes too long fails the test; the name printed last is the culprit. replay FOLDER [CHANGES]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& bytes) { LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()); }

void change(std::string& bytes, std::mt19937& random) {
  const auto at = [&] { return static_cast<std::ptrdiff_t>(bytes.empty() ? 0 : random() % bytes.size()); };
  switch (random() % 6) {
    case 0:  // flip a bit
      if (!bytes.empty()) {
        auto& byte = bytes[static_cast<std::size_t>(at())];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (random() % 8)));
      }
      break;
    case 1:  // any byte
      bytes.insert(bytes.begin() + at(), static_cast<char>(random() % 256));
      break;
    case 2:  // cut the end
      bytes.resize(static_cast<std::size_t>(at()));
      break;
    case 3: {  // leave out a piece
      const auto from = at();
      bytes.erase(bytes.begin() + from, bytes.begin() + std::min<std::ptrdiff_t>(from + static_cast<std::ptrdiff_t>(random() % 32), std::ssize(bytes)));
      break;
    }
    case 4: {  // repeat a piece
      const auto from = at();
      const auto piece = bytes.substr(static_cast<std::size_t>(from), random() % 64);
      bytes.insert(static_cast<std::size_t>(at()), piece);
      break;
    }
    default: {  // something that parsers trip over
      static constexpr const char* pieces[] = {"\"", "{", "[[", "]]", "<", "</", "<!--", "&#x110000;", "\\ud800", "\r\n", "=?", "--", "\xff", "9999999999999"};
      bytes.insert(static_cast<std::size_t>(at()), pieces[random() % std::size(pieces)]);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc != 2 && argc != 3) return 2;
  const unsigned long changes = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 200;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(argv[1])) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    std::printf("%s\n", path.filename().c_str());
    std::fflush(stdout);  // the last name must be out when the next line crashes
    std::ifstream in(path, std::ios::binary);
    const std::string seed{std::istreambuf_iterator<char>(in), {}};
    run(seed);
    std::mt19937 random(20261122);
    std::string bytes;
    for (unsigned long i = 0; i < changes; ++i) {
      if (i % 8 == 0) bytes = seed;  // up to eight changes on top of each other
      change(bytes, random);
      run(bytes);
    }
  }
  std::printf("%zu files, %lu changes each\n", files.size(), changes);
  return files.empty() ? 1 : 0;
}
