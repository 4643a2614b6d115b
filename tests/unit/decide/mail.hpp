// Mail: a small mail with findings put in by hand, so that decide and report are tested without the stages before them.
#pragma once

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "decide/decision.hpp"
#include "text/text.hpp"

namespace phiscan::test {

struct Mail {
  rules::Policy policy;
  message::Message message;
  std::vector<text::Text> texts;
  score::Findings findings;
  recipients::Risks risks;

  Mail() {
    message.from = {"desk@clinic.example", "Front Desk"};
    policy.mode = Mode::enforce;
    risks.worst = Audience::outside;
  }

  // Called when the parts are in place.
  void read() { texts = text::normalise(message); }

  // The n-th place of `value` in the part.
  score::Finding& found(message::PartRef part, Kind kind, Label label, std::string_view value, int n = 0) {
    const auto text = std::ranges::find(texts, part, &text::Text::part);
    if (text == texts.end()) throw std::logic_error("no such part");
    std::size_t at = text->norm.find(value);
    while (n-- > 0 && at != std::string::npos) at = text->norm.find(value, at + 1);
    if (at == std::string::npos) throw std::logic_error("no such value");
    score::Finding finding;
    finding.kind = kind;
    finding.label = label;
    finding.text = static_cast<std::uint32_t>(text - texts.begin());
    finding.value = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + value.size())};
    const auto& zone = text->zone_at(finding.value.begin);
    finding.zone = zone.kind;
    finding.depth = zone.depth;
    finding.confidence = 0.9;
    finding.counted = true;
    findings.findings.push_back(finding);
    return findings.findings.back();
  }

  recipients::Assessed& to(const std::string& address, RecipientClass type, std::vector<Risk> with = {}) {
    message::Recipient recipient;
    recipient.index = static_cast<std::uint32_t>(message.recipients.size());
    recipient.address.address = address;
    message.recipients.push_back(recipient);
    recipients::Assessed assessed;
    assessed.index = recipient.index;
    assessed.type = type;
    assessed.risks = std::move(with);
    risks.recipients.push_back(assessed);
    return risks.recipients.back();
  }

  void attach(const std::string& name, message::Unread unread = message::Unread::none, const std::string& text = {}) {
    message::Attachment attachment;
    attachment.name = name;
    attachment.size = 100'000;
    attachment.unread = unread;
    if (!text.empty()) attachment.text_parts.push_back({"page 1", text});
    message.attachments.push_back(std::move(attachment));
  }

  void phi(int severity = 3) {
    findings.content = Content::phi;
    findings.severity = severity;
    if (findings.persons.empty()) findings.persons.emplace_back();
  }

  [[nodiscard]] decide::Decision judge() const { return decide::judge(policy, message, texts, findings, risks); }
};

inline constexpr message::PartRef subject{message::PartRef::Kind::subject, 0, 0};
inline constexpr message::PartRef html{message::PartRef::Kind::body_html, 0, 0};
inline constexpr message::PartRef plain{message::PartRef::Kind::body_text, 0, 0};

inline const decide::Offer* offer(const decide::Decision& decision, decide::OfferKind kind) {
  const auto at = std::ranges::find(decision.offers, kind, &decide::Offer::kind);
  return at == decision.offers.end() ? nullptr : &*at;
}

// What a client does with edits: last first, so that the earlier places stay where they are.
inline std::string applied(std::string source, const std::vector<decide::Edit>& edits, message::PartRef part) {
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
    if (edit->part == part) source.replace(edit->source.begin, edit->source.size(), edit->replacement);
  }
  return source;
}

}  // namespace phiscan::test
