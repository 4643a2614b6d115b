#include "decide/decision.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/digest.hpp"
#include "base/set_of.hpp"
#include "decide/file_names.hpp"
#include "decide/offers.hpp"

namespace phiscan::decide {
namespace {

using message::Gap;
using message::Unread;
using rules::Channel;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// The numbers that open a bank account or a credit line (contract §3, "identity: SSN, card, bank, passport, licence").
bool is_strong_identity(Label label) {
  switch (label) {
    case Label::ssn:
    case Label::itin:
    case Label::card:
    case Label::bank:
    case Label::passport:
    case Label::license: return true;
    default: return false;
  }
}

bool is_special(const score::Findings& findings, const recipients::Risks& risks) {
  switch (findings.content) {
    case Content::phi:
      return std::ranges::any_of(findings.categories, [](Category category) { return category == Category::bulk || is_sensitive(category); });
    case Content::identity:
      return std::ranges::any_of(findings.findings, [](const score::Finding& finding) { return finding.counted && is_strong_identity(finding.label); });
    case Content::health:
    case Content::none: break;
  }
  return std::ranges::any_of(risks.recipients, [](const recipients::Assessed& recipient) {
    return recipient.imitates_ours || std::ranges::find(recipient.risks, Risk::many_visible) != recipient.risks.end();
  });
}

std::vector<Gap> collect_gaps(const message::Message& message, const std::vector<text::Text>& texts) {
  std::vector<Gap> gaps;
  std::set<std::string> seen;
  const auto add = [&](std::string part, Unread why) {
    if (why != Unread::none && seen.insert(part).second) gaps.push_back({std::move(part), why});
  };
  for (const auto& gap : message.gaps) add(gap.part, gap.why);
  for (std::size_t i = 0; i < message.attachments.size(); ++i) add("attachments/" + std::to_string(i), message.attachments[i].unread);
  for (const auto& text : texts) {
    if (text.truncated) add(message::to_string(text.part), Unread::too_large);
  }
  return gaps;
}

const message::Attachment* attachment_of(const Gap& gap, const message::Message& message) {
  for (std::size_t i = 0; i < message.attachments.size(); ++i) {
    if (is_about_attachment(gap.part, i)) return &message.attachments[i];
  }
  return nullptr;
}

// A small inline picture is a logo far more often than a document: it is named, but does not by itself ask.
bool is_decoration(const message::Attachment& attachment) {
  constexpr std::uint64_t logo = 32 * 1024;
  return attachment.is_inline && attachment.media_type.starts_with("image/") && attachment.size > 0 && attachment.size <= logo;
}

Action gap_action(const Gap& gap, const rules::Policy& policy, const message::Message& message, const score::Findings& findings, Audience audience) {
  if (const auto& own = policy.gap_actions[static_cast<std::size_t>(gap.why)]) return std::max(*own, Action::note);
  const auto* attachment = attachment_of(gap, message);
  // A body that was not read cannot have spoken to its patient, so a private address is then like any other outside.
  if (audience < Audience::outside && !(audience == Audience::patient && attachment == nullptr)) return Action::note;
  const bool clinic = policy.organisation.kind == rules::OrganisationKind::clinic || policy.organisation.kind == rules::OrganisationKind::hospital;
  const bool clinical = attachment != nullptr && is_clinical_name(attachment->name, clinic);
  if (attachment != nullptr && !clinical && is_decoration(*attachment)) return Action::note;
  const bool could_be_read_later = gap.why == Unread::unsupported || gap.why == Unread::encrypted || gap.why == Unread::pending;
  if (!could_be_read_later) return Action::confirm;
  // A whole body in a wrapper that is not read is as unseen as one that was too big; an encrypted one is at least sealed.
  if (attachment == nullptr && gap.why == Unread::unsupported) return Action::confirm;
  if (clinical) return Action::confirm;
  const bool matters = findings.content == Content::phi || findings.content == Content::identity;
  return matters ? Action::confirm : Action::note;
}

struct Sender {
  const rules::Role* role = nullptr;
  const rules::Mailbox* mailbox = nullptr;
  std::string address;  // lower case
};

Sender find_sender(const rules::Policy& policy, const message::Message& message) {
  Sender sender;
  sender.address = lower(message.sender_mailbox.empty() ? message.from.address : message.sender_mailbox);
  for (const auto& role : policy.roles) {
    if (!message.sender_role.empty() && role.id == message.sender_role) sender.role = &role;
  }
  for (const auto& mailbox : policy.mailboxes) {
    if (mailbox.address == sender.address) sender.mailbox = &mailbox;
  }
  return sender;
}

template <typename T>
bool holds(const std::vector<T>& list, const T& one) {
  return std::ranges::find(list, one) != list.end();
}

// The first line of the e-mail use map that fits. A line about every category speaks of PHI only.
const rules::Workflow* find_workflow(const rules::Policy& policy, const score::Findings& findings, const Sender& sender,
                                     const std::string& role, Audience audience) {
  if (findings.content != Content::phi && findings.content != Content::identity) return nullptr;
  for (const auto& flow : policy.workflows) {
    if (flow.categories.empty() && findings.content != Content::phi) continue;
    const bool category = flow.categories.empty() ||
                          std::ranges::any_of(flow.categories, [&](Category wanted) { return findings.categories.contains(wanted); });
    if (category && (flow.audiences.empty() || holds(flow.audiences, audience)) && (flow.roles.empty() || holds(flow.roles, role)) &&
        (flow.mailboxes.empty() || holds(flow.mailboxes, sender.address))) {
      return &flow;
    }
  }
  return nullptr;
}

// The mail already goes the way that the map asks for.
bool goes_by(Channel channel, const rules::Policy& policy, const message::Message& message, const recipients::Risks& risks) {
  const auto all_are = [&](RecipientClass wanted) {
    return !risks.recipients.empty() && std::ranges::all_of(risks.recipients, [&](const recipients::Assessed& recipient) {
      return recipient.type == wanted || recipient.type == RecipientClass::own;
    });
  };
  switch (channel) {
    case Channel::email: return true;
    case Channel::encrypt: return is_set_to_encrypt(policy, message);
    case Channel::direct: return all_are(RecipientClass::direct);
    case Channel::fax: return all_are(RecipientClass::gateway);
    case Channel::portal:
    case Channel::never: break;
  }
  return false;
}

Action by_mode(Action action, Mode mode) {
  switch (mode) {
    case Mode::enforce: break;
    case Mode::advise: return std::min(action, Action::confirm);
    case Mode::monitor: return Action::allow;
  }
  return action;
}

// Length before text, so that no two lists of fields write the same bytes.
void put(std::string& out, std::string_view field) {
  out += std::to_string(field.size());
  out += ':';
  out += field;
  out += '\n';
}

// What was asked about, not how it was worded: survives small edits of the text, not another recipient, attachment or kind of content.
std::string fingerprint(const message::Message& message, const score::Findings& findings, const recipients::Risks& risks, Action if_enforced) {
  std::string out = "phiscan.fingerprint/1\n";
  std::array<SetOf<Label>, static_cast<std::size_t>(Kind::context)> found;  // by kind; context counts for nothing
  for (const auto& finding : findings.findings) {
    if (finding.counted && finding.kind != Kind::context) found[static_cast<std::size_t>(finding.kind)].add(finding.label);
  }
  std::set<std::string> kinds;
  for (std::size_t kind = 0; kind < found.size(); ++kind) {
    found[kind].each([&](Label label) { kinds.insert(std::string(to_string(static_cast<Kind>(kind))) + ' ' + std::string(to_string(label))); });
  }
  put(out, to_string(findings.content));
  put(out, "kinds");
  for (const auto& kind : kinds) put(out, kind);
  put(out, "categories");
  for (const auto category : findings.categories) put(out, to_string(category));
  put(out, std::to_string(findings.persons.size()));

  std::set<std::string> who;
  std::size_t at = 0;
  const auto add = [&](const message::Address& address) {
    const auto type = at < risks.recipients.size() ? to_string(risks.recipients[at].type) : std::string_view("unknown");
    ++at;
    who.insert(std::string(type) + ' ' + lower(address.address.empty() ? address.name : address.address));
  };
  for (const auto& recipient : message.recipients) {  // the order that recipients::classify keeps
    add(recipient.address);
    for (const auto& member : recipient.members) add(member);
  }
  put(out, "recipients");
  for (const auto& one : who) put(out, one);

  // "Yes, send it" was said of a locked message: it does not hold for the same one in the clear.
  if (message.encryption == message::Encryption::on) put(out, "encrypted");

  std::multiset<std::string> files;
  for (const auto& attachment : message.attachments) {
    std::string file;
    put(file, attachment.name);
    put(file, std::to_string(attachment.size));
    put(file, attachment.sha256);
    files.insert(std::move(file));
  }
  put(out, "attachments");
  for (const auto& file : files) put(out, file);
  put(out, to_string(if_enforced));
  return sha256_hex(out);
}

// The highest action wins; everything that asked for more than `allow` is remembered.
class Verdict {
 public:
  void raise(Action to, std::string reason) {
    if (to <= Action::allow) return;
    action_ = std::max(action_, to);
    if (std::ranges::find(reasons_, reason) == reasons_.end()) reasons_.push_back(std::move(reason));
  }
  [[nodiscard]] Action action() const { return action_; }
  [[nodiscard]] std::vector<std::string> take_reasons() { return std::move(reasons_); }

 private:
  Action action_ = Action::allow;
  std::vector<std::string> reasons_;
};

std::string content_reason(Content content) {
  switch (content) {
    case Content::phi: return "phi";
    case Content::identity: return "identity";
    case Content::health:
    case Content::none: break;
  }
  return "recipient";  // only a risky recipient can raise the rest
}

}  // namespace

Decision judge(const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts, const score::Findings& findings,
               const recipients::Risks& risks) {
  Decision decision;
  Verdict verdict;
  const Audience audience = risks.worst;
  const Sender sender = find_sender(policy, message);

  verdict.raise(rules::table_action(policy, findings.content, findings.severity, is_special(findings, risks), audience), content_reason(findings.content));

  decision.gaps = collect_gaps(message, texts);
  decision.complete = decision.gaps.empty();
  for (const auto& gap : decision.gaps) verdict.raise(gap_action(gap, policy, message, findings, audience), "gap");

  bool sender_may_not = false;
  if (findings.content == Content::phi && audience > Audience::own) {
    const auto deny = [&](const char* reason) {
      sender_may_not = true;
      verdict.raise(Action::confirm, reason);
    };
    if (sender.role != nullptr && !sender.role->may_send_phi) deny("role");
    if (sender.mailbox != nullptr && !sender.mailbox->may_send_phi) deny("mailbox");
    const bool other_role = sender.mailbox != nullptr && !sender.mailbox->roles.empty() && !message.sender_role.empty() &&
                            !holds(sender.mailbox->roles, message.sender_role);
    if (other_role) verdict.raise(Action::confirm, "mailbox_role");
  }

  Channel demanded = Channel::email;
  if (const auto* flow = find_workflow(policy, findings, sender, message.sender_role, audience)) {
    decision.workflow = flow->id;
    const bool has_files = std::ranges::any_of(message.attachments, [](const message::Attachment& attachment) { return !attachment.is_inline; });
    // Inside the organisation a line about everybody demands no channel; one that names `own` does.
    const bool inside = audience == Audience::own && flow->audiences.empty();
    if (flow->channel == Channel::never) {
      verdict.raise(Action::block, "workflow_never");
    } else if (!inside && !goes_by(flow->channel, policy, message, risks)) {
      demanded = flow->channel;
      verdict.raise(Action::confirm, "workflow_" + std::string(rules::to_string(flow->channel)));
    }
    if (!flow->phi_allowed && flow->channel != Channel::never && findings.content == Content::phi) verdict.raise(Action::confirm, "workflow_no_phi");
    if (flow->attachments_never && has_files) verdict.raise(Action::confirm, "workflow_attachments");
  }

  decision.if_enforced = verdict.action();
  decision.action = by_mode(decision.if_enforced, sender.role != nullptr && sender.role->mode ? *sender.role->mode : policy.mode);
  decision.reasons = verdict.take_reasons();
  decision.fingerprint = fingerprint(message, findings, risks, decision.if_enforced);
  if (decision.action == Action::confirm && holds(message.acknowledged, decision.fingerprint)) {
    decision.action = Action::note;
    decision.acknowledged = true;
  }
  decision.offers = find_offers({policy, message, texts, findings, risks, decision.gaps, decision.if_enforced, demanded, sender_may_not});
  return decision;
}

}  // namespace phiscan::decide
