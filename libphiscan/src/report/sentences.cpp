#include "report/sentences.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "base/set_of.hpp"
#include "decide/edits.hpp"
#include "decide/offers.hpp"

namespace phiscan::report {
namespace {

using message::PartRef;
using recipients::Assessed;

constexpr std::size_t most_lines = 5;
constexpr std::size_t most_named = 3;  // recipients, attachments or kinds in one sentence

using Values = std::vector<std::pair<std::string_view, std::string>>;

// The sender's language where the pack has it, English where not; a key that nobody has gives no sentence.
class Words {
 public:
  Words(const rules::Pack& pack, std::string_view locale) {
    const auto find = [&](const std::string& lang) {
      const auto at = pack.texts.find(lang);
      return at == pack.texts.end() ? nullptr : &at->second;
    };
    const std::string wanted(locale.substr(0, locale.find_first_of("-_")));
    own_ = find(wanted);
    english_ = find("en");
    lang_ = own_ != nullptr ? wanted : "en";
  }

  [[nodiscard]] const std::string& lang() const { return lang_; }

  [[nodiscard]] const std::string* find(const std::string& key) const {
    for (const auto* texts : {own_, english_}) {
      if (texts == nullptr) continue;
      if (const auto at = texts->find(key); at != texts->end()) return &at->second;
    }
    return nullptr;
  }

  // The first key that exists.
  [[nodiscard]] std::string say(std::initializer_list<std::string> keys, const Values& values = {}) const {
    for (const auto& key : keys) {
      if (const auto* text = find(key)) return filled(*text, values);
    }
    return {};
  }

  // "a", "a and b", "a, b and c", "a, b, c and more".
  [[nodiscard]] std::string list(const std::vector<std::string>& items) const {
    std::string out;
    const bool cut = items.size() > most_named;
    const std::size_t shown = std::min(items.size(), most_named);
    for (std::size_t i = 0; i < shown; ++i) {
      if (i > 0) out += i + 1 == shown && !cut ? joiner(items[i]) : ", ";
      out += items[i];
    }
    if (cut) out += say({"word.and_more"});
    return out;
  }

 private:
  std::string joiner(std::string_view next) const {
    // Spanish "y" becomes "e" before the sound of i.
    const bool i_sound = next.starts_with("i") || next.starts_with("hi");
    return i_sound && find("word.and_before_i") != nullptr ? say({"word.and_before_i"}) : say({"word.and"});
  }

  static std::string filled(std::string text, const Values& values) {
    for (const auto& [name, value] : values) {
      std::string mark = "{";
      mark += name;
      mark += '}';
      for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) text.replace(at, mark.size(), value);
    }
    return text;
  }

  const std::map<std::string, std::string>* own_ = nullptr;
  const std::map<std::string, std::string>* english_ = nullptr;
  std::string lang_;
};

std::string number(std::size_t n) { return std::to_string(n); }
std::string key_of(std::string_view family, std::string_view word) { return std::string(family) + '.' + std::string(word); }

std::string placeholder(message::Field field, std::uint32_t index) {
  return std::string("{recipient:") + message::to_string(field) + '/' + std::to_string(index) + '}';
}

// The riskiest first: each recipient is spoken of once, by its worst risk.
constexpr auto by_weight = std::to_array<Risk>({
    Risk::lookalike_domain, Risk::typo_domain, Risk::tld_slip,         Risk::own_private,      Risk::patient_mismatch, Risk::many_visible,
    Risk::new_to_thread,    Risk::baa_expired, Risk::baa_missing,      Risk::similar_to_usual, Risk::greeting_mismatch, Risk::display_mismatch,
    Risk::channel_mismatch, Risk::punycode,    Risk::unknown_members,  Risk::noreply,          Risk::first_time,
});

bool has(const Assessed& recipient, Risk risk) { return std::ranges::find(recipient.risks, risk) != recipient.risks.end(); }

class Speaker {
 public:
  Speaker(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts,
          const score::Findings& findings, const recipients::Risks& risks, const decide::Decision& decision,
          const std::vector<std::optional<std::uint32_t>>& listed)
      : words_(pack, message.locale), policy_(policy), message_(message), texts_(texts), findings_(findings), risks_(risks), decision_(decision),
        listed_(listed), matters_(findings.content == Content::phi || findings.content == Content::identity) {}

  Sentences run() {
    Sentences out;
    out.lang = words_.lang();
    out.title = title();
    content();
    special();
    risks();
    rules_of_the_house();
    if (!risk_spoken_) why();
    places();
    acknowledged();
    std::ranges::stable_sort(lines_, [](const Line& a, const Line& b) { return a.severity > b.severity; });
    auto unread = gaps();  // never cut: what was not checked must be said
    lines_.resize(std::min(lines_.size(), most_lines - unread.size()));
    lines_.insert(lines_.end(), unread.begin(), unread.end());
    std::ranges::stable_sort(lines_, [](const Line& a, const Line& b) { return a.severity > b.severity; });
    out.lines = std::move(lines_);
    for (const auto& offer : decision_.offers) out.offers.emplace_back(decide::to_string(offer.kind), button(offer));
    return out;
  }

 private:
  void add(int severity, std::string text) {
    if (!text.empty()) lines_.push_back({severity, std::move(text)});
  }

  [[nodiscard]] bool asked(std::string_view reason) const {
    return std::ranges::find(decision_.reasons, reason) != decision_.reasons.end();
  }

  std::string title() const {
    std::string topic = matters_ ? std::string(to_string(findings_.content)) : asked("recipient") ? "recipient" : asked("gap") ? "gap" : "none";
    const std::string action = key_of("title", to_string(decision_.action));
    auto text = words_.say({key_of(action, topic), action});
    return text.empty() ? "Check before you send" : text;
  }

  // Kinds in words, the gravest identifiers first, then the health side.
  std::vector<std::string> kinds() const {
    SetOf<Label> labels, health_labels;
    for (const auto& finding : findings_.findings) {
      if (!finding.counted) continue;
      if (finding.kind == Kind::identity) labels.add(finding.label);
      if (finding.kind == Kind::health) health_labels.add(finding.label);
    }
    std::vector<std::string> identity, health;
    const auto put = [&](std::vector<std::string>& to, const std::string& key) {
      auto word = words_.say({key});
      if (!word.empty() && std::ranges::find(to, word) == to.end()) to.push_back(std::move(word));
    };
    for (const bool grave : {true, false}) {
      labels.each([&](Label label) {
        if (is_grave(label) == grave) put(identity, key_of("label", to_string(label)));
      });
    }
    for (const auto category : findings_.categories) {
      if (!is_sensitive(category) && category != Category::bulk) put(health, key_of("category", to_string(category)));
    }
    if (health.empty()) {
      health_labels.each([&](Label label) { put(health, key_of("label", to_string(label))); });
    }
    // Both sides must show, or the sentence explains nothing: two and one.
    if (findings_.content != Content::phi || health.empty()) return identity.empty() ? health : identity;
    std::vector<std::string> both(identity.begin(), identity.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(identity.size(), most_named - 1)));
    both.insert(both.end(), health.begin(), health.end());
    for (std::size_t i = most_named - 1; i < identity.size(); ++i) both.push_back(identity[i]);
    return both;
  }

  static bool is_grave(Label label) {
    switch (label) {
      case Label::ssn:
      case Label::itin:
      case Label::card:
      case Label::bank:
      case Label::passport:
      case Label::license:
      case Label::mbi: return true;
      default: return false;
    }
  }

  // A name in the sender's own draft, so that "is this the right patient?" can be asked with the name.
  std::optional<std::uint32_t> name_of_patient() const {
    std::optional<std::uint32_t> quoted;
    for (std::size_t i = 0; i < findings_.findings.size(); ++i) {
      const auto& finding = findings_.findings[i];
      if (!finding.counted || finding.kind != Kind::identity || finding.label != Label::name || !listed_[i] || finding.text >= texts_.size()) continue;
      if (texts_[finding.text].part.kind == PartRef::Kind::attachment_text) continue;
      if (!decide::is_quoted(finding.zone, finding.depth)) return listed_[i];
      if (!quoted) quoted = listed_[i];
    }
    return quoted;
  }

  void content() {
    if (!matters_) return;
    const int severity = std::max(findings_.severity, 1);
    const std::string list = words_.list(kinds());
    if (findings_.content == Content::identity) return add(severity, words_.say({list.empty() ? "line.identity.plain" : "line.identity"}, {{"kinds", list}}));
    const std::size_t people = findings_.persons.size();
    const std::string suffix = list.empty() ? ".plain" : "";
    if (people > 1) return add(severity, words_.say({"line.phi.many" + suffix}, {{"count", number(people)}, {"kinds", list}}));
    if (people == 1 && findings_.persons.front().from_envelope) return add(severity, words_.say({"line.phi.reader" + suffix}, {{"kinds", list}}));
    if (const auto name = name_of_patient()) {
      return add(severity, words_.say({"line.phi.named" + suffix}, {{"who", "{finding:" + number(*name) + "}"}, {"kinds", list}}));
    }
    add(severity, words_.say({"line.phi.one" + suffix}, {{"kinds", list}}));
  }

  void special() {
    if (!matters_) return;
    std::vector<std::string> names;
    for (const auto category : findings_.categories) {
      if (is_sensitive(category)) names.push_back(words_.say({key_of("category", to_string(category))}));
    }
    std::erase(names, std::string());
    if (!names.empty() && findings_.content == Content::phi) add(std::max(findings_.severity, 1), words_.say({"line.special"}, {{"kinds", words_.list(names)}}));
  }

  // Weak risks are worth a word only beside something that matters.
  bool is_worth_saying(Risk risk) const {
    switch (risk) {
      case Risk::lookalike_domain:
      case Risk::typo_domain:
      case Risk::tld_slip:
      case Risk::many_visible: return true;
      case Risk::first_time: return matters_ && findings_.severity >= 2;
      default: return matters_;
    }
  }

  static int weight(Risk risk) {
    switch (risk) {
      case Risk::lookalike_domain:
      case Risk::typo_domain:
      case Risk::own_private:
      case Risk::patient_mismatch:
      case Risk::many_visible: return 3;
      case Risk::first_time:
      case Risk::noreply:
      case Risk::punycode: return 1;
      default: return 2;
    }
  }

  void risks() {
    if (decision_.if_enforced < Action::note) return;
    std::set<std::pair<message::Field, std::uint32_t>> spoken;
    for (const auto risk : by_weight) {
      if (!is_worth_saying(risk)) continue;
      std::vector<std::string> who;
      for (const auto& recipient : risks_.recipients) {
        if (!has(recipient, risk) || !spoken.insert({recipient.field, recipient.index}).second) continue;
        who.push_back(placeholder(recipient.field, recipient.index));
      }
      if (who.empty()) continue;
      const std::string key = key_of("risk", to_string(risk));
      add(weight(risk), words_.say({key + (who.size() == 1 ? ".one" : ".many"), key + ".one"},
                                   {{"recipients", words_.list(who)}, {"count", number(who.size())}}));
      risk_spoken_ = risk_spoken_ || weight(risk) >= 2;  // it names the recipient, so `why` need not
    }
  }

  // "Send it another way" is one message, however many rules say it: the most particular one speaks. Another mailbox and files are other things to do.
  void rules_of_the_house() {
    constexpr auto another_way = std::to_array<std::string_view>(
        {"workflow_never", "workflow_portal", "workflow_encrypt", "workflow_direct", "workflow_fax", "workflow_no_phi", "role", "mailbox"});
    if (const auto* said = std::ranges::find_if(another_way, [&](std::string_view reason) { return asked(reason); }); said != another_way.end()) {
      add(*said == "workflow_never" ? 4 : 3, words_.say({key_of("line", *said)}));
    }
    for (const std::string_view reason : {"mailbox_role", "workflow_attachments"}) {
      if (asked(reason)) add(3, words_.say({key_of("line", reason)}));
    }
  }

  bool is_safe(const Assessed& recipient) const {
    if (recipient.type == RecipientClass::own) return true;
    return recipient.type == RecipientClass::partner && !has(recipient, Risk::baa_missing) && !has(recipient, Risk::baa_expired) &&
           !has(recipient, Risk::channel_mismatch);
  }

  // Why it matters, by who reads it.
  void why() {
    if (!matters_ || decision_.if_enforced < Action::note) return;
    const int severity = std::max(findings_.severity, 1);
    if (risks_.worst == Audience::patient) {
      return add(severity, words_.say({policy_.portal ? "why.patient.portal" : "why.patient"}));
    }
    if (risks_.worst == Audience::own || risks_.worst == Audience::partner) return add(severity, words_.say({key_of("why", to_string(risks_.worst))}));
    std::vector<std::string> who;
    std::set<std::string> known;
    for (const auto& recipient : risks_.recipients) {
      auto one = placeholder(recipient.field, recipient.index);
      if (!is_safe(recipient) && known.insert(one).second) who.push_back(std::move(one));
    }
    if (who.empty()) return add(severity, words_.say({"why.nobody"}));
    add(severity, words_.say({who.size() == 1 ? "why.outside.one" : "why.outside.many"}, {{"recipients", words_.list(who)}, {"count", number(who.size())}}));
  }

  // Where to look, when it is not in plain sight.
  void places() {
    if (!matters_) return;
    std::set<std::uint32_t> attachments;
    bool in_subject = false, elsewhere = false;
    for (const auto& finding : findings_.findings) {
      if (!finding.counted || finding.kind == Kind::context || finding.kind == Kind::provider || finding.text >= texts_.size()) continue;
      const PartRef part = texts_[finding.text].part;
      if (part.kind == PartRef::Kind::attachment_text || part.kind == PartRef::Kind::attachment_name) attachments.insert(part.attachment);
      else if (part.kind == PartRef::Kind::subject) in_subject = in_subject || finding.kind == Kind::identity;
      else elsewhere = true;
    }
    const int severity = std::max(findings_.severity, 1);
    if (findings_.only_in_quote) add(severity, words_.say({"line.quote"}));
    if (!attachments.empty()) {
      std::vector<std::string> names;
      for (const auto index : attachments) names.push_back("{attachment:" + number(index) + "}");
      add(severity, words_.say({elsewhere || in_subject ? "line.attachments.also" : "line.attachments"}, {{"attachments", words_.list(names)}}));
    }
    if (in_subject && risks_.worst > Audience::own) add(severity, words_.say({"line.subject"}));
  }

  void acknowledged() {
    if (decision_.acknowledged) add(0, words_.say({"line.acknowledged"}));
  }

  std::vector<Line> gaps() const {
    std::vector<Line> out;
    std::set<std::string> reasons;
    std::vector<std::string> attachments;
    bool body = false;
    for (const auto& gap : decision_.gaps) {
      bool found = false;
      for (std::size_t i = 0; i < message_.attachments.size() && !found; ++i) {
        if (!decide::is_about_attachment(gap.part, i)) continue;
        found = true;
        const std::string name = "{attachment:" + number(i) + "}";
        if (std::ranges::find(attachments, name) == attachments.end()) attachments.push_back(name);
        reasons.insert(message::to_string(gap.why));
      }
      body = body || !found;
    }
    const int severity = decision_.if_enforced >= Action::confirm ? 2 : 1;
    const auto put = [&](std::string text) {
      if (!text.empty()) out.push_back({severity, std::move(text)});
    };
    if (!attachments.empty()) {
      const std::string reason = reasons.size() == 1 ? *reasons.begin() : "several";
      const char* many = attachments.size() == 1 ? ".one" : ".many";
      put(words_.say({key_of("gap", reason) + many, std::string("gap.several") + many},
                     {{"attachments", words_.list(attachments)}, {"count", number(attachments.size())}}));
    }
    if (body) put(words_.say({"gap.message"}));
    return out;
  }

  std::string button(const decide::Offer& offer) const {
    std::vector<std::string> who, files;
    for (const auto& recipient : offer.recipients) who.push_back(placeholder(recipient.field, recipient.index));
    for (const auto index : offer.attachments) files.push_back("{attachment:" + number(index) + "}");
    const std::string key = key_of("offer", decide::to_string(offer.kind));
    const std::size_t count = std::max(who.size(), files.size());
    const Values values{{"recipients", words_.list(who)}, {"attachments", words_.list(files)}, {"count", number(count)}};
    const std::string with_files = offer.kind == decide::OfferKind::redact && !files.empty() ? key + ".attachments" : key;
    return words_.say({count == 1 ? with_files + ".one" : with_files + ".many", with_files, key}, values);
  }

  Words words_;
  const rules::Policy& policy_;
  const message::Message& message_;
  const std::vector<text::Text>& texts_;
  const score::Findings& findings_;
  const recipients::Risks& risks_;
  const decide::Decision& decision_;
  const std::vector<std::optional<std::uint32_t>>& listed_;
  bool matters_ = false;
  bool risk_spoken_ = false;
  std::vector<Line> lines_;
};

}  // namespace

Sentences speak(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts,
                const score::Findings& findings, const recipients::Risks& risks, const decide::Decision& decision,
                const std::vector<std::optional<std::uint32_t>>& listed) {
  return Speaker(pack, policy, message, texts, findings, risks, decision, listed).run();
}

}  // namespace phiscan::report
