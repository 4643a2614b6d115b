#include "frames.hpp"
#include "limits.hpp"
#include "mails.hpp"
#include "serve.hpp"

#include <cstring>

using namespace phiscan::extract;

TEST_CASE("frame headers survive the trip and nothing else is a header") {
  for (const std::uint32_t length : {0U, 1U, 65536U, static_cast<std::uint32_t>(limits::message_bytes)}) {
    const auto bytes = frames::encode({frames::Type::mail, length});
    CHECK(frames::decode({bytes.data(), bytes.size()}) == frames::Header{frames::Type::mail, length});
  }
  const std::string good("PX\1\1\5\0\0\0", 8);
  CHECK(frames::decode(good).has_value());
  for (std::size_t i = 0; i < 8; ++i) CHECK_FALSE(frames::decode(std::string_view(good).substr(0, i)).has_value());
  for (const auto& [at, byte] : std::vector<std::pair<std::size_t, char>>{{0, 'Q'}, {1, 'x'}, {2, 2}, {3, 0}, {3, 4}, {7, 127}, {7, '\xFF'}}) {
    std::string bad = good;
    bad[at] = byte;
    CHECK_FALSE(frames::decode(bad).has_value());
  }
  const auto long_failure = frames::encode({frames::Type::failure, 2});
  CHECK_FALSE(frames::decode({long_failure.data(), long_failure.size()}).has_value());
}

TEST_CASE("replies survive the trip, and every cut or strange one is refused") {
  const frames::Reply reply{{{"body.text", Why::too_large}, {"attachments/12", Why::unsupported}}, "{\"a\":1}"};
  const std::string bytes = frames::encode_reply(reply);
  CHECK(frames::decode_reply(bytes) == reply);
  for (std::size_t i = 0; i < bytes.size(); ++i) CHECK_FALSE(frames::decode_reply(std::string_view(bytes).substr(0, i)).has_value());
  std::string strange = bytes;
  strange[2] = 9; // no such reason
  CHECK_FALSE(frames::decode_reply(strange).has_value());
  strange = bytes;
  strange[4] = '\n'; // no part is called that
  CHECK_FALSE(frames::decode_reply(strange).has_value());
  CHECK_FALSE(frames::decode_reply(std::string("\xFF\xFF{}", 4)).has_value());
}

TEST_CASE("the loop answers mail by mail and ends with its input") {
  const auto run = [](std::string input, std::string& output) {
    std::size_t at = 0;
    return serve({[&](char* to, std::size_t size) {
                    if (input.size() - at < size) return false;
                    std::memcpy(to, input.data() + at, size);
                    at += size;
                    return true;
                  },
                  [&](std::string_view bytes) {
                    output.append(bytes);
                    return true;
                  },
                  [](bool) {}});
  };
  const auto frame = [](std::string_view mail) {
    const auto header = frames::encode({frames::Type::mail, static_cast<std::uint32_t>(mail.size())});
    return std::string(header.data(), header.size()) + std::string(mail);
  };
  std::string output;
  CHECK(run(frame("From: a@clinic.example\n\nHi") + frame("") + frame("From: a@clinic.example\n\nBye"), output) == 0);
  const auto first = frames::decode(output);
  REQUIRE(first.has_value());
  CHECK(first->type == frames::Type::request);
  const auto second = frames::decode(std::string_view(output).substr(frames::header_size + first->length));
  REQUIRE(second.has_value());
  CHECK(second->type == frames::Type::failure); // empty: no mail
  output.clear();
  CHECK(run("", output) == 0);
  CHECK(run("XX", output) == 0);
  CHECK(output.empty());
  CHECK(run("this is no frame", output) == 1);
  CHECK(run(frame("From: a@clinic.example\n\nHi").substr(0, 12), output) == 1);
}
