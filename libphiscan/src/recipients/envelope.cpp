#include "recipients/envelope.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "recipients/confusables.hpp"
#include "recipients/domains.hpp"
#include "recipients/people.hpp"
#include "rules/mail_domains.hpp"
#include "text/text.hpp"

namespace phiscan::recipients {
namespace {

using message::Address;
using message::Compose;
using rules::Channel;
using rules::Policy;

// More thread domains than this are no longer compared for likeness; they still count as known.
constexpr std::size_t max_thread_targets = 64;

// Lookup by view, without a copy of every host.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using TextSet = std::unordered_set<std::string, TextHash, std::equal_to<>>;
template <typename T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

// A known domain that others may imitate.
struct Target {
  std::string registrable, label, suffix, dashed;
  std::string skeleton;  // of the label
  bool ours = false;     // own or partner
  bool consumer = false;
};

// Letters that occur; every edit changes at most two bits, so most pairs need no table.
std::uint64_t letters(std::string_view text) {
  std::uint64_t mask = 0;
  for (const char c : text) mask |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63U);
  return mask;
}

struct Likeness {
  std::vector<Risk> risks;
  bool ours = false;
};

class Known {
 public:
  void add(const std::string& registrable, bool ours, bool consumer) {
    if (!names_.insert(registrable).second) return;
    const auto parts = split(registrable);
    Target target{registrable, std::string(parts.label), std::string(parts.suffix), registrable, skeleton(parts.label), ours, consumer};
    std::ranges::replace(target.dashed, '.', '-');
    masks_.push_back(letters(parts.label));
    by_skeleton_.emplace(target.skeleton, targets_.size());
    targets_.push_back(std::move(target));
  }
  void add_thread(const std::string& registrable) {
    if (thread_.insert(registrable).second && thread_.size() <= max_thread_targets) add(registrable_domain(registrable), false, false);
  }

  // Domains of the thread are no slip of the finger; a look-alike may still have stolen in there.
  [[nodiscard]] Likeness compare(const Mailbox& mailbox) const {
    Likeness out;
    const bool in_thread = thread_.contains(mailbox.registrable);
    const auto parts = split(mailbox.registrable);
    const std::string unicode = mailbox.international ? host_to_unicode(mailbox.registrable) : mailbox.registrable;
    const auto shown = split(unicode);
    const std::string shape = skeleton(shown.label);
    const auto mask = letters(parts.label);

    const auto [begin, end] = by_skeleton_.equal_range(shape);
    for (auto at = begin; at != end; ++at) {
      const auto& target = targets_[at->second];
      // Short names differ by one letter too easily in ASCII; a foreign alphabet is another matter.
      if (target.label == parts.label || (!mailbox.international && target.label.size() < 5)) continue;
      if (target.suffix == shown.suffix || is_typo_suffix(shown.suffix)) note(out, Risk::lookalike_domain, target);
    }
    const bool typo_suffix = is_typo_suffix(parts.suffix);
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      const auto& target = targets_[i];
      if (target.ours && target.registrable != mailbox.registrable && imitates(mailbox, parts.label, target)) note(out, Risk::lookalike_domain, target);
      const std::size_t longer = std::max(target.label.size(), parts.label.size()), shorter = std::min(target.label.size(), parts.label.size());
      if (in_thread || longer - shorter > 2 || std::popcount(mask ^ masks_[i]) > 4) continue;
      const bool same_end = target.suffix == parts.suffix;
      if (target.label == parts.label) {
        // clinic.com beside clinic.org can be another firm: a risk, but too common to call it an imitation.
        if (!same_end && slips_end(target, parts)) note(out, Risk::tld_slip, target, typo_suffix);
        continue;
      }
      const auto slips = allowed_slips(target.label.size());
      if (slips == 0 || (!same_end && !typo_suffix)) continue;
      if (distance(parts.label, target.label, slips) && shape != target.skeleton) note(out, Risk::typo_domain, target);
    }
    // The nearest explanation is enough: gmail.co is not a slip of ymail.com.
    const auto told = [&](Risk risk) { return std::ranges::find(out.risks, risk) != out.risks.end(); };
    if (told(Risk::tld_slip) || told(Risk::lookalike_domain)) std::erase(out.risks, Risk::typo_domain);
    return out;
  }

 private:
  std::vector<Target> targets_;
  std::vector<std::uint64_t> masks_;
  std::unordered_multimap<std::string, std::size_t> by_skeleton_;
  TextSet names_, thread_;

  static void note(Likeness& out, Risk risk, const Target& target, bool imitation = true) {
    out.risks.push_back(risk);
    out.ours = out.ours || (target.ours && imitation);
  }

  // clinic.example.attacker.test, clinic-example.test, clinicexample-billing.test, myclinicexample.test
  static bool imitates(const Mailbox& mailbox, std::string_view label, const Target& target) {
    const std::string_view host = mailbox.host, known = target.label;
    if (const auto at = host.find(target.registrable + "."); at != std::string_view::npos && (at == 0 || host[at - 1] == '.')) return true;
    if (label == target.dashed) return true;
    // Families of firms share short words and place names, so only long or compound names count here.
    if (known.size() < 10 && known.find('-') == std::string_view::npos) return false;
    if (label.size() <= known.size()) return false;
    if (label.starts_with(known) && label[known.size()] == '-') return true;
    if (!label.ends_with(known)) return false;
    const auto before = label.substr(0, label.size() - known.size());
    return before.ends_with('-') || before == "my" || before == "the" || before == "get";
  }

  static bool slips_end(const Target& target, Split theirs) {
    if (is_generic_label(target.label) || target.label.size() < 2) return false;
    if (std::ranges::find(documentation_domains, target.registrable) != documentation_domains.end()) return false;
    if (is_typo_suffix(theirs.suffix)) return is_common_suffix(target.suffix) || target.suffix.find('.') != std::string::npos;
    // Firms sit in many countries under one name, so a country's ending is no slip.
    const auto is_country = [](std::string_view suffix) { return suffix.size() - (suffix.rfind('.') + 1) == 2; };
    if (target.ours) return target.label.size() >= 4 && !is_country(target.suffix) && !is_country(theirs.suffix);
    // Providers own their name under several endings, or share it with the firm that once ran them (verizon.com); the big free ones do not.
    constexpr std::string_view unique[] = {"gmail.com", "hotmail.com", "icloud.com", "outlook.com", "yahoo.com"};
    if (target.consumer && std::ranges::find(unique, target.registrable) == std::end(unique)) return false;
    return is_common_suffix(target.suffix) && is_common_suffix(theirs.suffix);
  }
};

// Finds the partner of an address: exact address first, then the longest domain.
class Partners {
 public:
  explicit Partners(const Policy& policy) {
    for (std::size_t i = 0; i < policy.partners.size(); ++i) {
      for (const auto& address : policy.partners[i].addresses) {
        if (const auto mailbox = parse_mailbox(address)) addresses_.emplace(mailbox->key(), i);
      }
      for (const auto& domain : policy.partners[i].domains) domains_.emplace(domain, i);
    }
  }
  [[nodiscard]] std::optional<std::size_t> find(const Mailbox& mailbox, const std::string& key) const {
    if (const auto at = addresses_.find(key); at != addresses_.end()) return at->second;
    if (domains_.empty()) return std::nullopt;
    for (std::string_view host = mailbox.host;;) {
      if (const auto at = domains_.find(host); at != domains_.end()) return at->second;
      const auto dot = host.find('.');
      if (dot == std::string_view::npos) return std::nullopt;
      host.remove_prefix(dot + 1);
    }
  }

 private:
  TextMap<std::size_t> addresses_, domains_;
};

class Own {
 public:
  Own(const Policy& policy, const std::optional<Mailbox>& sender) {
    for (const auto& domain : policy.own_domains) domains_.insert(domain);
    for (const auto& address : policy.own_addresses) {
      if (const auto mailbox = parse_mailbox(address)) addresses_.insert(mailbox->key());
    }
    if (!domains_.empty() || !addresses_.empty() || !sender) return;
    if (is_consumer(sender->registrable)) addresses_.insert(sender->key());
    else domains_.insert(sender->registrable);
  }
  [[nodiscard]] bool holds(const Mailbox& mailbox, const std::string& key) const {
    if (addresses_.contains(key)) return true;
    for (std::string_view host = mailbox.host;;) {
      if (domains_.contains(host)) return true;
      const auto dot = host.find('.');
      if (dot == std::string_view::npos) return false;
      host.remove_prefix(dot + 1);
    }
  }
  [[nodiscard]] const TextSet& domains() const { return domains_; }

 private:
  TextSet domains_, addresses_;
};

RecipientClass class_of(const Mailbox& mailbox) {
  if (is_gateway(mailbox)) return RecipientClass::gateway;
  if (is_ticket(mailbox)) return RecipientClass::ticket;
  if (rules::is_disposable(mailbox.registrable)) return RecipientClass::disposable;
  if (is_direct(mailbox)) return RecipientClass::direct;
  if (is_consumer(mailbox.registrable)) return RecipientClass::consumer;
  if (is_list_address(mailbox)) return RecipientClass::list;
  if (is_role_mailbox(mailbox)) return RecipientClass::role_mailbox;
  return RecipientClass::unknown;
}

// A reply whose participants nobody told us has no "new" recipients; whoever gets a forward is new.
bool is_thread(const message::Message& message) {
  return message.compose == Compose::forward || message.compose == Compose::redirect || !message.participants.empty();
}

// The display name holds another address, or a full name that shares nothing with the full name in the local part.
bool display_differs(const Address& address, const Mailbox& mailbox, const Name& name) {
  if (address.name.find('@') != std::string::npos) {
    for (std::size_t begin = 0; begin < address.name.size();) {
      const std::size_t end = std::min(address.name.find_first_of(" \t<>()[]\"',;", begin), address.name.size());
      const auto inside = parse_mailbox(std::string_view(address.name).substr(begin, end - begin));
      if (inside && inside->key() != mailbox.key()) return true;
      begin = end + 1;
    }
    return false;
  }
  if (!name.is_full()) return false;
  // A doctor's name on a private mailbox that spells another word.
  if (is_consumer(mailbox.registrable) && has_doctor_title(address.name) && !spells(mailbox.local, name) && fit(name, {}, mailbox.local) != Fit::fits) return true;
  const Name local = name_of_local(mailbox.local);
  if (local.empty()) return false;
  for (const auto* x : {&local.given, &local.surname}) {
    for (const auto* y : {&name.given, &name.surname}) {
      for (const auto& a : *x) {
        for (const auto& b : *y) {
          if (same_given(a, b)) return false;
        }
      }
    }
  }
  return true;
}

class Classifier {
 public:
  Classifier(const Policy& policy, const message::Message& message)
      : policy_(policy), message_(message), sender_(parse_mailbox(message.from.address)), sender_name_(read_name(message.from.name)), own_(policy, sender_),
        partners_(policy) {
    if (sender_name_.empty() && sender_) sender_name_ = name_of_local(sender_->local);
    if (sender_) sender_key_ = sender_->key();
    for (const auto& domain : own_.domains()) known_.add(registrable_domain(domain), true, false);
    for (const auto& partner : policy.partners) {
      for (const auto& domain : partner.domains) known_.add(registrable_domain(domain), true, false);
    }
    for (const auto domain : typo_targets()) known_.add(std::string(domain), false, true);
    participants_.reserve(message.participants.size());
    for (const auto& participant : message.participants) {
      if (const auto mailbox = parse_mailbox(participant)) {
        participants_.insert(mailbox->key());
        known_.add_thread(mailbox->registrable);
      }
    }
    for (const auto& entry : message.history) history_[{entry.field, entry.index}] = &entry;
  }

  Envelope run() {
    Envelope out;
    if (sender_ && sender_name_.is_full()) staff(out, sender_name_);
    if (sender_) staff(out, name_of_local(sender_->local));
    for (const auto& name : policy_.organisation.staff) staff_text(out, name);

    for (const auto& recipient : message_.recipients) {
      const auto entry = history_.find({recipient.field, recipient.index});
      const auto* history = entry == history_.end() ? nullptr : entry->second;
      Assessed whole = judge(recipient.address, history, out);
      const bool only_name = recipient.address.address.empty() && !recipient.address.name.empty();
      const bool list = recipient.is_list || only_name || is_group(recipient.address.address);
      if (list && whole.type != RecipientClass::own && whole.type != RecipientClass::partner) {
        whole.type = RecipientClass::list;
        std::erase(whole.risks, Risk::own_private);
      }
      if (recipient.members_unknown || (list && !recipient.is_list)) whole.risks.push_back(Risk::unknown_members);
      finish(out, std::move(whole), recipient, std::nullopt);
      for (std::uint32_t i = 0; i < recipient.members.size(); ++i) {
        finish(out, judge(recipient.members[i], nullptr, out), recipient, i);
      }
    }
    mark_visible(out);
    std::ranges::sort(out.consumer_names);
    const auto repeated = std::ranges::unique(out.consumer_names);
    out.consumer_names.erase(repeated.begin(), repeated.end());
    return out;
  }

 private:
  const Policy& policy_;
  const message::Message& message_;
  std::optional<Mailbox> sender_;
  Name sender_name_;
  std::string sender_key_;
  Own own_;
  Partners partners_;
  Known known_;
  TextSet participants_;
  std::map<std::pair<message::Field, std::uint32_t>, const message::RecipientHistory*> history_;
  TextMap<Likeness> likeness_;  // by host; a mail to many has few hosts
  TextSet staff_seen_;
  std::string key_;                                     // of the address judged last
  TextSet visible_;             // keys of consumer addresses in To and Cc
  std::vector<std::size_t> visible_at_;

  void staff_text(Envelope& out, const std::string& folded) {
    if (!folded.empty() && staff_seen_.insert(folded).second) out.staff_names.push_back(folded);
  }
  void staff(Envelope& out, const Name& name) {
    if (name.is_full()) staff_text(out, name.folded());
  }

  void finish(Envelope& out, Assessed assessed, const message::Recipient& recipient, std::optional<std::uint32_t> member) {
    assessed.field = recipient.field;
    assessed.index = recipient.index;
    assessed.member = member;
    if (assessed.type == RecipientClass::consumer && recipient.field != message::Field::bcc) {
      visible_.insert(key_);
      visible_at_.push_back(out.recipients.size());
    }
    std::ranges::sort(assessed.risks);
    const auto repeated = std::ranges::unique(assessed.risks);
    assessed.risks.erase(repeated.begin(), repeated.end());
    const bool known_members = assessed.type == RecipientClass::list && !recipient.members.empty() && !recipient.members_unknown;
    if (assessed.type != RecipientClass::own && !is_valid_partner(policy_, assessed) && !known_members) out.any_outside = true;
    out.recipients.push_back(std::move(assessed));
  }

  void mark_visible(Envelope& out) {
    if (visible_.size() <= policy_.many_visible) return;
    for (const auto at : visible_at_) {
      auto& risks = out.recipients[at].risks;
      risks.insert(std::ranges::lower_bound(risks, Risk::many_visible), Risk::many_visible);
    }
  }

  Assessed judge(const Address& address, const message::RecipientHistory* history, Envelope& out) {
    Assessed assessed;
    const auto mailbox = parse_mailbox(address.address);
    if (!mailbox) {
      assessed.type = RecipientClass::invalid;
      return assessed;
    }
    assessed.domain = mailbox->host;
    key_ = mailbox->key();
    const std::string& key = key_;
    const Name name = read_name(address.name);
    auto& risks = assessed.risks;
    if (history != nullptr && history->first_time) risks.push_back(Risk::first_time);
    if (history != nullptr && history->similar_to_usual) risks.push_back(Risk::similar_to_usual);
    if (mailbox->international) risks.push_back(Risk::punycode);
    if (is_noreply(*mailbox)) risks.push_back(Risk::noreply);
    if (display_differs(address, *mailbox, name)) risks.push_back(Risk::display_mismatch);

    if (own_.holds(*mailbox, key)) {
      assessed.type = RecipientClass::own;
      staff(out, name);
      staff(out, name_of_local(mailbox->local));
      return assessed;
    }
    if (is_thread(message_) && !participants_.contains(key) && key != sender_key_) risks.push_back(Risk::new_to_thread);
    assessed.partner = partners_.find(*mailbox, key);
    if (assessed.partner) {
      assessed.type = RecipientClass::partner;
      partner_risks(assessed);
      return assessed;
    }
    assessed.type = class_of(*mailbox);
    // Direct mailboxes take no ordinary mail: it bounces, or lands where nobody looks.
    if (assessed.type == RecipientClass::direct) risks.push_back(Risk::channel_mismatch);
    if (assessed.type == RecipientClass::consumer) {
      if (is_sender_in_private(*mailbox, key, name, address.name)) risks.push_back(Risk::own_private);
      consumer_name(out, *mailbox, name);
    }
    // An address that the sender writes to often is no slip either.
    const bool trusted = history != nullptr && !history->first_time && !history->similar_to_usual;
    if (!rules::is_listed_consumer(mailbox->registrable)) {
      auto at = likeness_.find(mailbox->host);
      if (at == likeness_.end()) at = likeness_.emplace(mailbox->host, known_.compare(*mailbox)).first;
      for (const auto risk : at->second.risks) {
        if (trusted && risk != Risk::lookalike_domain) continue;
        risks.push_back(risk);
        assessed.imitates_ours = at->second.ours;
      }
    }
    return assessed;
  }

  void partner_risks(Assessed& assessed) const {
    const auto& partner = policy_.partners[*assessed.partner];
    if (!partner.baa) assessed.risks.push_back(Risk::baa_missing);
    else if (partner.baa_expires && message_.now && *partner.baa_expires < *message_.now) assessed.risks.push_back(Risk::baa_expired);
    if (partner.channel != Channel::email && partner.channel != Channel::encrypt) assessed.risks.push_back(Risk::channel_mismatch);
  }

  bool is_sender_in_private(const Mailbox& mailbox, const std::string& key, const Name& name, std::string_view display) const {
    if (!sender_ || key == sender_key_) return false;
    // Somebody else's name on it, and it is somebody else's: two J. Smiths are not one.
    const bool both = name.is_full() && sender_name_.is_full();
    if (both && !(same_given(name.surname.back(), sender_name_.surname.back()) && same_given(name.given.front(), sender_name_.given.front()))) return false;
    if (name.is_full() && name == sender_name_) return true;
    if (sender_name_.is_full() && spells(mailbox.local, sender_name_)) return true;
    // Desks and their patients share words; only a text that is a name or no desk's word counts.
    if (!display.empty() && !message_.from.name.empty() && text::fold(display) == text::fold(message_.from.name)) return true;
    if (is_role_mailbox(*sender_)) return false;
    const auto join = [](std::string_view local) {
      std::string out;
      for (const auto& word : local_words(local)) out += word;
      return out;
    };
    const std::string mine = join(sender_->local);
    return mine.size() >= 5 && mine == join(mailbox.local);
  }

  static void consumer_name(Envelope& out, const Mailbox& mailbox, const Name& name) {
    if (!name.empty()) {
      out.consumer_names.insert(out.consumer_names.end(), name.given.begin(), name.given.end());
      out.consumer_names.insert(out.consumer_names.end(), name.surname.begin(), name.surname.end());
    } else {
      for (auto& word : local_words(mailbox.local)) {
        if (word.size() > 1) out.consumer_names.push_back(std::move(word));
      }
    }
  }

 public:
  // BAA there and not over, and mail is how this partner wants it.
  static bool is_valid_partner(const Policy& policy, const Assessed& assessed) {
    if (assessed.type != RecipientClass::partner || !assessed.partner || *assessed.partner >= policy.partners.size()) return false;
    return std::ranges::none_of(assessed.risks, [](Risk risk) { return risk == Risk::baa_missing || risk == Risk::baa_expired || risk == Risk::channel_mismatch; });
  }
};

// Which address an Assessed speaks of. Recipients lie in message order, so one walk finds them all.
class Addresses {
 public:
  explicit Addresses(const message::Message& message) {
    for (const auto& recipient : message.recipients) {
      addresses_.push_back(&recipient.address);
      for (const auto& member : recipient.members) addresses_.push_back(&member);
    }
  }
  [[nodiscard]] const Address* at(std::size_t i) const { return i < addresses_.size() ? addresses_[i] : nullptr; }

 private:
  std::vector<const Address*> addresses_;
};

bool has(const std::vector<Risk>& risks, Risk risk) { return std::ranges::find(risks, risk) != risks.end(); }

void add(Assessed& assessed, Risk risk) {
  const auto at = std::ranges::lower_bound(assessed.risks, risk);
  if (at == assessed.risks.end() || *at != risk) assessed.risks.insert(at, risk);
}

bool phi_in_quote(const score::Findings& findings) {
  if (findings.content != Content::phi) return false;
  return findings.only_in_quote || std::ranges::any_of(findings.findings, [](const score::Finding& finding) {
           return finding.counted && (finding.depth > 0 || finding.zone == text::ZoneKind::quote);
         });
}

Name name_of(const score::Person& person) {
  if (person.given.empty() && person.surname.empty()) return read_name(person.name_key);
  return {name_words(person.given), name_words(person.surname)};
}

}  // namespace

Envelope classify(const Policy& policy, const message::Message& message) { return Classifier(policy, message).run(); }

Risks assess(const Policy& policy, const message::Message& message, const Envelope& audience, const score::Findings& findings) {
  Risks out;
  out.recipients = audience.recipients;
  if (out.recipients.empty()) return out;
  const Addresses addresses(message);
  const auto has_known_members = [&](std::size_t i) {
    return !out.recipients[i].member && i + 1 < out.recipients.size() && out.recipients[i + 1].member && !has(out.recipients[i].risks, Risk::unknown_members);
  };

  // The one patient of the text. With several, or a child whose parent reads, a name cannot tell whose mail it is.
  const score::Person* patient = nullptr;
  std::size_t named = 0;
  for (const auto& person : findings.persons) {
    if (person.from_envelope || (person.given.empty() && person.surname.empty() && person.name_key.empty())) continue;
    patient = &person;
    ++named;
  }
  const Name patient_name = named == 1 ? name_of(*patient) : Name{};
  const bool to_parent = findings.categories.contains(Category::minor);

  std::vector<Fit> fits(out.recipients.size(), Fit::unclear);
  std::size_t greeted_right = 0, greeted_wrong = 0, visible_to = 0;
  std::vector<std::size_t> wrong;
  bool somebody_fits = false;
  for (std::size_t i = 0; i < out.recipients.size(); ++i) {
    const auto& assessed = out.recipients[i];
    const Address* address = addresses.at(i);
    if (address == nullptr || assessed.type == RecipientClass::invalid) continue;
    const bool consumer = assessed.type == RecipientClass::consumer;
    const bool addressed = assessed.field == message::Field::to;
    visible_to += addressed ? 1 : 0;
    if (!consumer && !findings.greeting) continue;
    const auto at = address->address.rfind('@');
    const auto local = std::string_view(address->address).substr(0, at == std::string::npos ? 0 : at);
    const Name name = read_name(address->name);
    if (consumer && !patient_name.empty()) {
      fits[i] = fit(patient_name, name, local);
      somebody_fits = somebody_fits || fits[i] == Fit::fits;
    }
    if (!findings.greeting) continue;
    const Fit greeted = fit_greeting(*findings.greeting, name, local);
    if (greeted == Fit::fits) ++greeted_right;
    if (greeted == Fit::differs && addressed) {
      ++greeted_wrong;
      wrong.push_back(i);
    }
  }
  // Told only when everybody the mail is written to has a clear name and none was greeted.
  if (greeted_right == 0 && greeted_wrong > 0 && greeted_wrong == visible_to && visible_to <= 3) {
    for (const auto i : wrong) add(out.recipients[i], Risk::greeting_mismatch);
  }
  if (findings.speaks_to_reader && !somebody_fits && !to_parent) {
    for (std::size_t i = 0; i < fits.size(); ++i) {
      if (fits[i] == Fit::differs) add(out.recipients[i], Risk::patient_mismatch);
    }
  }

  const bool quoted = phi_in_quote(findings);
  const auto is_strong = [&](Risk risk) {
    switch (risk) {
      case Risk::lookalike_domain:
      case Risk::typo_domain:
      case Risk::tld_slip:
      case Risk::own_private:
      case Risk::patient_mismatch:
      case Risk::many_visible: return true;
      case Risk::new_to_thread: return quoted;
      default: return false;
    }
  };
  out.worst = Audience::own;
  for (std::size_t i = 0; i < out.recipients.size(); ++i) {
    const auto& assessed = out.recipients[i];
    Audience rank = Audience::outside;
    if (std::ranges::any_of(assessed.risks, is_strong)) {
      rank = Audience::risky;
    } else if (assessed.type == RecipientClass::own) {
      rank = Audience::own;
    } else if (Classifier::is_valid_partner(policy, assessed)) {
      rank = Audience::partner;
    } else if (assessed.type == RecipientClass::consumer && findings.speaks_to_reader && named <= 1 && (!somebody_fits || fits[i] == Fit::fits)) {
      rank = Audience::patient;
    } else if (assessed.type == RecipientClass::list && has_known_members(i)) {
      rank = Audience::own;  // its members follow and speak for themselves
    }
    out.worst = std::max(out.worst, rank);
  }
  return out;
}

}  // namespace phiscan::recipients
