// Transfer encodings where the label and the bytes disagree, read as mail programs read them: base64 in several padded
// pieces or with plain lines around it, and files that stand uuencoded in the middle of a text. Pure functions over the
// bytes of the mail; nothing is copied but header lines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace phiscan::extract {

// A stretch of what is labelled base64: one encoded piece (to its padding), or one plain line with its line end.
struct Run {
  std::string_view bytes;
  bool is_text = false;
};

// Walks over the runs; the bytes outlive it. Linear in the bytes.
class Base64Runs {
public:
  explicit Base64Runs(std::string_view bytes);
  [[nodiscard]] std::optional<Run> next();

private:
  bool is_text_line(std::string_view line);

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::size_t line_end_ = 0; // behind the line feed; `at_` may stand inside the line after a padding
  bool in_text_ = false;
  bool is_closed_ = false;   // the last piece ended in padding
};

// "begin 644 name", encoded lines, "end" (or as far as the lines are sound).
struct UuBlock {
  std::size_t begin = 0; // of the whole block in the text
  std::size_t end = 0;
  std::string_view name;
  std::string_view lines; // the encoded ones
};

[[nodiscard]] std::optional<UuBlock> find_uuencoded(std::string_view text, std::size_t from);

// Header lines whose base64 words are padded in the middle of a sentence, with those words in the other encoding: the MIME
// library joins words before it decodes them and stops at the first padding. Nothing when there are none.
[[nodiscard]] std::optional<std::string> respell_padded_words(std::string_view headers);

// The first line of a yEnc file stands somewhere in the text.
[[nodiscard]] bool has_yencoded(std::string_view text);

} // namespace phiscan::extract
