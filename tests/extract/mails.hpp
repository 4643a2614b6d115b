// Small mails for the tests, built in code: a head with the usual headers, parts, multiparts, and base64.
#pragma once

#include "mail.hpp"
#include "request.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mails {

inline const std::string head =
    "From: Front Desk <desk@clinic.example>\r\nTo: Dana Roe <dana@mail.test>\r\nSubject: Your visit\r\n"
    "Date: Sun, 22 Nov 2026 10:00:00 -0500\r\nMIME-Version: 1.0\r\n";

inline std::string part(std::string_view headers, std::string_view body) {
  return std::string(headers) + "\r\n\r\n" + std::string(body) + "\r\n";
}

inline std::string multipart(std::string_view kind, const std::vector<std::string>& parts, std::string_view boundary = "b1") {
  std::string out = "Content-Type: multipart/" + std::string(kind) + "; boundary=\"" + std::string(boundary) + "\"\r\n\r\n";
  for (const std::string& one : parts) out += "--" + std::string(boundary) + "\r\n" + one;
  return out + "--" + std::string(boundary) + "--\r\n";
}

inline std::string base64(std::string_view bytes) {
  constexpr std::string_view abc = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) { return k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0U; };
    const unsigned n = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    out.push_back(abc[n >> 18]);
    out.push_back(abc[(n >> 12) & 63U]);
    out.push_back(i + 1 < bytes.size() ? abc[(n >> 6) & 63U] : '=');
    out.push_back(i + 2 < bytes.size() ? abc[n & 63U] : '=');
    if (i % 57 == 54) out += "\r\n";
  }
  return out;
}

inline std::string text(std::string_view content_type, std::string_view body) {
  return head + "Content-Type: " + std::string(content_type) + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + std::string(body);
}

// Reads in this process, and holds that the request is valid JSON.
inline phiscan::extract::Mail read(std::string_view bytes) {
  const auto mail = phiscan::extract::read_mail(bytes);
  REQUIRE(mail.has_value());
  CHECK(nlohmann::json::accept(phiscan::extract::request_json(*mail)));
  return *mail;
}

} // namespace mails
