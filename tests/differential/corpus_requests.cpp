// Every mail of a folder as one request per line, in order of name: what the engine's tests over the corpus share.
// Reads in this process, without the worker: corpus_requests FOLDER OUT.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "mail.hpp"
#include "request.hpp"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc != 3) return 2;
  std::vector<fs::path> mails;
  for (const auto& entry : fs::recursive_directory_iterator(argv[1])) {
    if (entry.path().extension() == ".eml") mails.push_back(entry.path());
  }
  std::sort(mails.begin(), mails.end());
  std::ofstream out(argv[2], std::ios::binary);
  std::size_t written = 0;
  for (const auto& path : mails) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto mail = phiscan::extract::read_mail(bytes);
    if (!mail) continue;
    out << phiscan::extract::request_json(*mail) << '\n';
    ++written;
  }
  std::printf("%zu of %zu mails\n", written, mails.size());
  return out.flush() && written > 0 ? 0 : 1;
}
