#include "decide/offers.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "decide/edits.hpp"
#include "decide/file_names.hpp"

namespace phiscan::decide {
namespace {

using message::PartRef;
using recipients::Assessed;

bool has(const Assessed& recipient, Risk risk) { return std::ranges::find(recipient.risks, risk) != recipient.risks.end(); }

bool has_wrong_address(const Assessed& recipient) { return std::ranges::any_of(recipient.risks, is_wrong_address); }

bool is_clinic(const rules::Policy& policy) {
  return policy.organisation.kind == rules::OrganisationKind::clinic || policy.organisation.kind == rules::OrganisationKind::hospital;
}

Offer empty_offer(OfferKind kind) {
  Offer offer;
  offer.kind = kind;
  return offer;
}

// Members of a list follow one another, so the last one is enough to look at.
void add_recipient(std::vector<RecipientRef>& to, const Assessed& recipient) {
  const RecipientRef ref{recipient.field, recipient.index};
  if (to.empty() || to.back() != ref) to.push_back(ref);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
  return text;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

// Paragraphs at blank lines; the portal's address becomes a link.
std::string html_of(std::string_view text, std::string_view url, std::string_view lang) {
  const std::string address = escaped(url);
  const std::string link = "<a href=\"" + address + "\">" + address + "</a>";
  std::string body = replaced(escaped(text), address, link);
  body = replaced(std::move(body), "\r\n", "\n");
  body = replaced(std::move(body), "\n\n", "</p><p>");
  body = replaced(std::move(body), "\n", "<br>");
  return "<div lang=\"" + std::string(lang) + "\"><p>" + body + "</p></div>";
}

// No word here may speak of care: the notice must be nothing but a notice.
constexpr std::string_view notice_en =
    "Hello,\n\nYou have a new message from {organisation}. To keep it private, we did not put it in this e-mail.\n\n"
    "Please sign in to read it:\n{portal}\n\nIf you did not expect this, please call us.\n\nThank you";
constexpr std::string_view notice_es =
    "Hola:\n\nTiene un mensaje nuevo de {organisation}. Para proteger su privacidad, no lo pusimos en este correo.\n\n"
    "Entre aquí para leerlo:\n{portal}\n\nSi no esperaba este mensaje, por favor llámenos.\n\nGracias";

Notice notice(const rules::Policy& policy, std::string_view lang) {
  const bool spanish = lang == "es";
  Notice notice{std::string(lang), spanish ? "Tiene un mensaje nuevo" : "You have a new message", std::string(spanish ? notice_es : notice_en), {}};
  for (const auto& own : policy.portal->notices) {
    if (own.lang == lang) {
      notice.subject = own.subject;
      notice.text = own.text;
    }
  }
  // A speciality in the name ("Lakeside Oncology") would tell why the reader goes there.
  const bool named = !policy.organisation.name.empty() && !policy.organisation.revealing;
  const std::string who = named ? policy.organisation.name : spanish ? "nuestra oficina" : "our office";
  notice.subject = replaced(replaced(std::move(notice.subject), "{organisation}", who), "{portal}", policy.portal->url);
  notice.text = replaced(replaced(std::move(notice.text), "{organisation}", who), "{portal}", policy.portal->url);
  notice.html = html_of(notice.text, policy.portal->url, lang);
  return notice;
}

// For Spanish mail both languages in one notice, Spanish first: a family reads what it reads best.
Notice bilingual(const Notice& es, const Notice& en) {
  return {"es", es.subject + " / " + en.subject, es.text + "\n\n* * *\n\n" + en.text, es.html + "<p>* * *</p>" + en.html};
}

// In any script.
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

// The last eight letters of a word as one number, ASCII in lower case; so words of seven and fewer are told from all others.
constexpr std::uint64_t with_letter(std::uint64_t word, char c) { return word << 8U | static_cast<unsigned char>(c) | 0x20U; }
constexpr std::size_t place_of(std::uint64_t word) { return word * 0x9E3779B97F4A7C15ULL >> 56U; }
constexpr std::uint64_t short_word(std::string_view word) {
  std::uint64_t out = 0;
  for (const char c : word) out = with_letter(out, c);
  return out;
}
template <std::size_t N>
constexpr std::array<std::uint64_t, N> short_words(const std::string_view (&words)[N]) {
  std::array<std::uint64_t, N> out{};
  std::ranges::transform(words, out.begin(), short_word);
  return out;
}

// What the offers are chosen by.
struct View {
  bool matters = false;        // PHI or identity
  bool wrong_address = false;
  bool many_visible = false;
  bool no_agreement = false;   // a partner without a BAA, or with one that has run out: no lock helps against that
  bool consumer = false;       // somebody at a private address that is probably the right one
  bool envelope_person = false;
  bool identity_in_texts = false;   // counted identity in parts that can be edited
  bool all_in_quote = true;         // every counted identity stands in quoted text or in the subject, and there is some in a quote
  bool all_in_attachments = true;   // every counted identity, or every counted health item, stands in attachments
  std::set<std::uint32_t> with_identity;  // attachments whose content holds counted identity
  std::set<std::uint32_t> with_counted;   // attachments with any counted finding
};

View look(const Situation& now) {
  View view;
  view.matters = now.findings.content == Content::phi || now.findings.content == Content::identity;
  for (const auto& recipient : now.risks.recipients) {
    view.wrong_address = view.wrong_address || has_wrong_address(recipient);
    view.no_agreement = view.no_agreement || has(recipient, Risk::baa_missing) || has(recipient, Risk::baa_expired);
    view.many_visible = view.many_visible || has(recipient, Risk::many_visible);
    view.consumer = view.consumer || (recipient.type == RecipientClass::consumer && !has_wrong_address(recipient));
  }
  view.envelope_person = std::ranges::any_of(now.findings.persons, &score::Person::from_envelope);
  std::size_t identity = 0, quoted = 0, in_subject = 0, identity_attached = 0, health = 0, health_attached = 0;
  for (const auto& finding : now.findings.findings) {
    if (!finding.counted || finding.text >= now.texts.size()) continue;
    const PartRef part = now.texts[finding.text].part;
    const bool attached = part.kind == PartRef::Kind::attachment_text || part.kind == PartRef::Kind::attachment_name;
    if (attached) view.with_counted.insert(part.attachment);
    if (finding.kind == Kind::identity || finding.kind == Kind::structure) {
      ++identity;
      quoted += is_quoted(finding.zone, finding.depth) ? 1U : 0U;
      in_subject += part.kind == PartRef::Kind::subject ? 1U : 0U;
      identity_attached += attached ? 1U : 0U;
      if (part.kind == PartRef::Kind::attachment_text) view.with_identity.insert(part.attachment);
      else if (finding.kind == Kind::identity) view.identity_in_texts = true;
    } else if (finding.kind == Kind::health) {
      ++health;
      health_attached += attached ? 1U : 0U;
    }
  }
  view.all_in_quote = quoted > 0 && quoted + in_subject == identity && !view.envelope_person;
  view.all_in_attachments = (identity > 0 && identity_attached == identity && !view.envelope_person) || (health > 0 && health_attached == health);
  return view;
}

std::optional<Offer> portal_offer(const Situation& now, const View& view) {
  if (!now.policy.portal || !view.matters || view.wrong_address) return std::nullopt;
  const bool fits = view.consumer || now.risks.worst == Audience::patient || now.demanded == rules::Channel::portal;
  if (!fits || now.risks.worst == Audience::own) return std::nullopt;
  Offer offer = empty_offer(OfferKind::use_portal);
  offer.url = now.policy.portal->url;
  // The notice goes out bare; what was attached goes by the portal.
  for (std::uint32_t i = 0; i < now.message.attachments.size(); ++i) offer.attachments.push_back(i);
  const auto en = notice(now.policy, "en");
  if (is_spanish(now.message, now.texts)) offer.notices = {bilingual(notice(now.policy, "es"), en)};
  else offer.notices = {en};
  return offer;
}

std::optional<Offer> encrypt_offer(const Situation& now, const View& view) {
  const bool by_program = now.message.encryption == message::Encryption::available;
  if ((!now.policy.encryption && !by_program) || !view.matters || view.wrong_address || now.risks.worst == Audience::own) return std::nullopt;
  // What may never go by e-mail may not go locked either.
  if (now.if_enforced == Action::block || is_set_to_encrypt(now.policy, now.message)) return std::nullopt;
  Offer offer = empty_offer(OfferKind::encrypt);
  if (!now.policy.encryption) return offer;
  offer.header_name = now.policy.encryption->header_name;
  offer.header_value = now.policy.encryption->header_value;
  offer.subject_tag = now.policy.encryption->subject_tag;
  return offer;
}

std::optional<Offer> redact_offer(const Situation& now, const View& view) {
  if (!view.matters || !view.identity_in_texts) return std::nullopt;
  // "Maria, your A1c is 8.2" stays hers without the name: the address names the person.
  const bool named_by_address = view.envelope_person || (now.findings.speaks_to_reader && view.consumer);
  if (now.findings.content == Content::phi && named_by_address) return std::nullopt;
  Offer offer = empty_offer(OfferKind::redact);
  offer.edits = redactions(now.message, now.texts, now.findings, is_spanish(now.message, now.texts));
  if (offer.edits.empty()) return std::nullopt;
  // Attachments cannot be edited, so what would still name the person goes with it.
  offer.attachments.assign(view.with_identity.begin(), view.with_identity.end());
  return offer;
}

std::optional<Offer> trim_offer(const Situation& now, const View& view) {
  if (!view.matters || (!now.findings.only_in_quote && !view.all_in_quote)) return std::nullopt;
  Offer offer = empty_offer(OfferKind::trim_quote);
  offer.edits = quote_removals(now.message, now.texts);
  // "Fw: Results of Dana Roe": the subject came along with the quote.
  if (!offer.edits.empty() && view.identity_in_texts) {
    for (auto& edit : redactions(now.message, now.texts, now.findings, is_spanish(now.message, now.texts))) {
      if (edit.part.kind == PartRef::Kind::subject) offer.edits.push_back(std::move(edit));
    }
  }
  return offer.edits.empty() ? std::nullopt : std::optional(std::move(offer));
}

std::optional<Offer> remove_recipient_offer(const Situation& now, const View& view) {
  Offer offer = empty_offer(OfferKind::remove_recipient);
  for (const auto& recipient : now.risks.recipients) {
    const bool wrong_kind = recipient.type == RecipientClass::disposable || recipient.type == RecipientClass::ticket || recipient.type == RecipientClass::invalid;
    const bool stranger = has(recipient, Risk::new_to_thread) || has(recipient, Risk::noreply) || has(recipient, Risk::unknown_members);
    if (has_wrong_address(recipient) || (view.matters && (wrong_kind || stranger))) add_recipient(offer.recipients, recipient);
  }
  return offer.recipients.empty() ? std::nullopt : std::optional(std::move(offer));
}

std::optional<Offer> bcc_offer(const Situation& now, const View& view) {
  if (!view.many_visible) return std::nullopt;
  Offer offer = empty_offer(OfferKind::move_to_bcc);
  const auto visible = [](const Assessed& recipient) { return recipient.field != message::Field::bcc && !recipient.member; };
  for (const auto& recipient : now.risks.recipients) {
    if (visible(recipient) && has(recipient, Risk::many_visible)) add_recipient(offer.recipients, recipient);
  }
  if (offer.recipients.size() < 2) {  // the risk may be noted once for all of them
    offer.recipients.clear();
    for (const auto& recipient : now.risks.recipients) {
      if (visible(recipient) && recipient.type == RecipientClass::consumer) add_recipient(offer.recipients, recipient);
    }
  }
  return offer.recipients.empty() ? std::nullopt : std::optional(std::move(offer));
}

std::optional<Offer> remove_attachment_offer(const Situation& now, const View& view) {
  Offer offer = empty_offer(OfferKind::remove_attachment);
  std::set<std::uint32_t> chosen;
  if (view.matters && view.all_in_attachments) chosen = view.with_counted;
  if (now.risks.worst >= Audience::outside) {
    for (std::size_t i = 0; i < now.message.attachments.size(); ++i) {
      const bool unread = std::ranges::any_of(now.gaps, [&](const message::Gap& gap) { return is_about_attachment(gap.part, i); });
      if (unread && is_clinical_name(now.message.attachments[i].name, is_clinic(now.policy))) chosen.insert(static_cast<std::uint32_t>(i));
    }
  }
  offer.attachments.assign(chosen.begin(), chosen.end());
  return offer.attachments.empty() ? std::nullopt : std::optional(std::move(offer));
}

int rank(const Offer& offer, const Situation& now, const View& view) {
  const bool demanded = (offer.kind == OfferKind::use_portal && now.demanded == rules::Channel::portal) ||
                        (offer.kind == OfferKind::encrypt && now.demanded == rules::Channel::encrypt);
  if (demanded) return 0;
  const bool to_patient = now.risks.worst == Audience::patient || now.sender_may_not;
  switch (offer.kind) {
    case OfferKind::remove_recipient: return view.wrong_address ? 1 : 8;
    case OfferKind::trim_quote: return 2;
    case OfferKind::move_to_bcc: return 3;
    case OfferKind::use_portal: return to_patient ? 4 : 9;
    case OfferKind::encrypt: return !view.no_agreement && (now.risks.worst == Audience::partner || to_patient) ? 5 : 7;
    case OfferKind::redact: return 6;
    case OfferKind::remove_attachment: return view.all_in_attachments ? 4 : 10;
  }
  return 11;
}

}  // namespace

std::string_view to_string(OfferKind kind) {
  static constexpr auto names = std::to_array<std::string_view>(
      {"use_portal", "encrypt", "redact", "remove_recipient", "move_to_bcc", "trim_quote", "remove_attachment"});
  return names[static_cast<std::size_t>(kind)];
}

bool is_wrong_address(Risk risk) {
  switch (risk) {
    case Risk::lookalike_domain:
    case Risk::typo_domain:
    case Risk::tld_slip:
    case Risk::own_private:
    case Risk::patient_mismatch: return true;
    default: return false;
  }
}

bool is_about_attachment(std::string_view gap_part, std::size_t index) {
  const std::string name = "attachments/" + std::to_string(index);
  return gap_part.starts_with(name) && (gap_part.size() == name.size() || gap_part[name.size()] == '/');
}

bool is_set_to_encrypt(const rules::Policy& policy, const message::Message& message) {
  if (message.encryption == message::Encryption::on) return true;
  return policy.encryption && !policy.encryption->subject_tag.empty() && message.subject &&
         message.subject->find(policy.encryption->subject_tag) != std::string::npos;
}

bool is_spanish(const message::Message& message, const std::vector<text::Text>& texts) {
  if (message.locale == "es" || message.locale.starts_with("es-") || message.locale.starts_with("es_")) return true;
  // Little words that only one of the two languages has. A sample of the sender's own text is enough.
  static constexpr auto spanish = short_words({"el", "los", "las", "del", "para", "por", "con", "una", "usted", "que", "su", "sus", "es", "esta", "gracias", "cita"});
  static constexpr auto english = short_words({"the", "and", "of", "to", "for", "with", "your", "you", "is", "are", "this", "please", "thanks", "we", "will", "in"});
  std::size_t es = 0, en = 0;
  std::uint64_t word = 0;
  static constexpr auto known = [] {
    std::array<bool, 256> out{};
    for (const auto one : spanish) out[place_of(one)] = true;
    for (const auto one : english) out[place_of(one)] = true;
    return out;
  }();
  const auto flush = [&] {
    if (!known[place_of(word)]) return void(word = 0);
    es += static_cast<std::size_t>(std::ranges::count(spanish, word));
    en += static_cast<std::size_t>(std::ranges::count(english, word));
    word = 0;
  };
  for (const auto& text : texts) {
    if (text.part.kind != PartRef::Kind::body_html && text.part.kind != PartRef::Kind::body_text) continue;
    for (const auto& zone : text.zones) {
      if (zone.kind != text::ZoneKind::fresh || zone.depth > 0) continue;
      for (const char c : zone.range.of(text.norm).substr(0, 4'000)) {
        if (is_letter(c)) word = with_letter(word, c);
        else flush();
      }
      flush();
    }
  }
  return es >= 2 && es > en * 2;
}

std::vector<Offer> find_offers(const Situation& now) {
  std::vector<Offer> offers;
  if (now.if_enforced < Action::note) return offers;
  // Inside the clinic a remark needs no way out.
  if (now.risks.worst == Audience::own && now.if_enforced < Action::confirm) return offers;
  const View view = look(now);
  for (const auto make : {portal_offer, encrypt_offer, redact_offer, remove_recipient_offer, bcc_offer, trim_offer, remove_attachment_offer}) {
    if (auto offer = make(now, view)) offers.push_back(std::move(*offer));
  }
  std::ranges::stable_sort(offers, {}, [&](const Offer& offer) { return rank(offer, now, view); });
  return offers;
}

}  // namespace phiscan::decide
