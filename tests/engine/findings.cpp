// What this build finds: one line per text with its sorted matches (rule, part, place in the normalised text), for every plain mail of
// the corpus and for texts from seeds. Two builds with different proposers must print the same. phiscan_findings [TEXTS]
#include <cstdio>
#include <cstdlib>

#include "corpus.hpp"
#include "generated_text.hpp"
#include "message/request.hpp"
#include "scan.hpp"

namespace {

void print(const phiscan::Ruleset& set, phiscan::detect::Scratch& scratch, const std::string& name, const phiscan::message::Message& message) {
  const auto texts = phiscan::text::normalise(message);
  const auto matches = phiscan::detect::confirm(set.matcher(), texts, phiscan::detect::propose(set.matcher(), scratch, texts), message.now);
  std::printf("%s", name.c_str());
  for (const auto& match : matches) {
    std::printf(" %s@%s:%u-%u", set.pack().rules[match.rule].id.c_str(), phiscan::message::to_string(texts[match.text].part).c_str(), match.value.begin, match.value.end);
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string bundle = phiscan::test::us_core_bundle();
  const auto set = phiscan::Ruleset::load({bundle}, "", "");
  if (!set) {
    std::fprintf(stderr, "phiscan_findings: %s\n", set.error().message.c_str());
    return 2;
  }
  auto scratch = (*set)->matcher().scratch();
  std::fprintf(stderr, "proposer: %s\n", phiscan::detect::Shapes::proposer().c_str());

  for (const char* folder : {"phi", "clean", "tricky", "recipients", "generated"}) {
    for (const auto& mail : phiscan::test::plain_corpus_mails(folder, 0)) {
      const auto message = phiscan::message::read_request(mail.request.dump());
      if (message) print(**set, scratch, mail.name, *message);
    }
  }
  const unsigned long texts = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2'000;
  for (std::uint32_t seed = 1; seed <= texts; ++seed) {
    phiscan::message::Message message;
    message.body_text = phiscan::test::generated_text(seed);
    message.now = phiscan::parse_iso_date("2026-11-22T10:00:00Z");
    print(**set, scratch, "generated-" + std::to_string(seed), message);
  }
  return 0;
}
