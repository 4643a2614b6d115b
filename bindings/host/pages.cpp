#include "pages.hpp"

#include <engine/engine.hpp>
#include <engine/files.hpp>

#include <algorithm>

#include "digest.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;

std::string_view media_type(const std::string& ending) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},         {".svg", "image/svg+xml"},                 {".png", "image/png"},
      {".ico", "image/x-icon"},              {".woff2", "font/woff2"},                  {".txt", "text/plain; charset=utf-8"},
      {".map", "application/json"},          {".xml", "text/xml; charset=utf-8"}};
  for (const auto& [name, type] : types) {
    if (name == ending) return type;
  }
  return "application/octet-stream";
}

std::string mark_of(std::string_view text) { return sha256_hex(text).substr(0, 32); }

}  // namespace

std::optional<Page> read_page(const fs::path& folder, std::string_view path) {
  if (path.size() < 2 || path.front() != '/' || path.size() > 200) return std::nullopt;
  const std::string name(path.substr(1));
  if (name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/") != std::string::npos) return std::nullopt;
  for (const auto& piece : fs::path(name)) {
    if (piece.empty() || piece.string().starts_with(".") || piece.is_absolute()) return std::nullopt;
  }
  std::error_code error;
  const auto home = fs::canonical(folder, error);
  const auto file = error ? fs::path() : fs::canonical(home / name, error);
  if (error || !fs::is_regular_file(file, error)) return std::nullopt;
  if (std::mismatch(home.begin(), home.end(), file.begin(), file.end()).first != home.end()) return std::nullopt;
  auto bytes = engine::read_file(file.string(), "page");
  if (std::holds_alternative<engine::Failure>(bytes)) return std::nullopt;
  Page page{std::get<std::string>(std::move(bytes)), std::string(media_type(file.extension().string())), {}};
  page.mark = mark_of(page.text);
  return page;
}

void replace(Page& page, std::string_view from, std::string_view to) {
  const auto at = page.text.find(from);
  if (at == std::string::npos) return;
  page.text.replace(at, from.size(), to);
  page.mark = mark_of(page.text);
}

}  // namespace phiscan::host
