#include "rules/policy.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/digest.hpp"
#include "json/json.hpp"
#include "rules/mail_domains.hpp"
#include "text/text.hpp"

namespace phiscan::rules {
namespace {

constexpr std::string_view schema_name = "phiscan.policy/1";
constexpr std::size_t max_bytes = std::size_t{16} << 20U;
constexpr std::array channel_names = std::to_array<std::string_view>({"email", "encrypt", "portal", "direct", "fax", "never"});

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool has_upper(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// Ids are keys in reports and in other files, so they stay plain.
bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

// What is wrong with a domain as a person wrote it; empty = nothing. Capitals are not wrong.
std::string domain_fault(std::string_view text) {
  if (text.empty()) return "is empty; write a domain such as clinic.example";
  if (text.find_first_of(" \t\r\n") != std::string_view::npos) return "has a space in it; write only the domain";
  if (text.find('/') != std::string_view::npos) return "looks like a web address; write only the domain";
  if (text.find('@') != std::string_view::npos) return "is an address; write only what follows the @, or list it under addresses";
  if (text.front() == '*' || text.front() == '.') return "subdomains count anyway; write the domain itself";
  if (!is_ascii(text)) return "write international domains in their xn-- form";
  if (text.find('.') == std::string_view::npos) return "is not a full domain; it needs a dot";
  if (text.size() > 253) return "is longer than a domain can be";
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    const auto label = text.substr(begin, end - begin);
    const bool plain = std::ranges::all_of(label, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (label.empty() || label.size() > 63 || !plain || label.front() == '-' || label.back() == '-') return "is not a domain";
    begin = end + 1;
  }
  return {};
}

std::string address_fault(std::string_view text) {
  if (text.empty()) return "is empty; write an address such as desk@clinic.example";
  if (text.find_first_of(" \t\r\n<>") != std::string_view::npos) return "write the bare address, without a name, spaces or brackets";
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return "is not an address; it needs an @";
  if (at == 0 || at > 64 || text.substr(0, at).find('@') != std::string_view::npos) return "is not an address";
  if (!domain_fault(text.substr(at + 1)).empty()) return "is not an address: look at the part after the @";
  return {};
}

bool is_under(std::string_view host, std::string_view domain) {
  return host == domain || (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

std::string_view host_of(std::string_view address) { return address.substr(address.rfind('@') + 1); }

template <typename T>
bool includes(const std::vector<T>& wider, const std::vector<T>& narrower) {  // empty = any
  if (wider.empty()) return true;
  if (narrower.empty()) return false;
  return std::ranges::all_of(narrower, [&](const T& one) { return std::ranges::find(wider, one) != wider.end(); });
}

// Reads and judges in one walk. The reader keeps only its first problem, so it is emptied after every field.
class Draft {
 public:
  Policy policy;
  std::vector<PolicyProblem> problems;

  void read(const json::Value& value) {
    problem_.code = ErrorCode::policy;
    json::Reader root(value, "", problem_);
    take();
    if (!value.is_object()) return;
    const std::string schema = root.required_text("schema");
    take();
    if (!schema.empty() && schema != schema_name) {
      fatal("/schema", schema.starts_with("phiscan.policy/") ? "this engine reads phiscan.policy/1 only" : "must be phiscan.policy/1");
      return;
    }
    policy.id = identifier(root, "id");
    policy.version = root.required_text("version");
    take();
    if (policy.version.size() > 64 || has_control(policy.version)) fatal("/version", "must be a short plain text such as 2026-11-22");

    root.object("organisation", [&](json::Reader& r) { organisation(r); });
    take();
    root.object("own", [&](json::Reader& r) { own(r); });
    take();
    policy.mode = static_cast<Mode>(root.one_of("mode", {"monitor", "advise", "enforce"}, static_cast<std::size_t>(Mode::advise)));
    take();
    root.each("partners", [&](json::Reader& r, std::size_t) { partner(r); });
    take();
    root.entries("roles", [&](const std::string& id, json::Reader& r) { role(id, r); });
    take();
    root.entries("mailboxes", [&](const std::string& address, json::Reader& r) { mailbox(address, r); });
    take();
    root.each("use_map", [&](json::Reader& r, std::size_t) { workflow(r); });
    take();
    root.each("table", [&](json::Reader& r, std::size_t) { override_cell(r); });
    take();
    gaps(root);
    many_visible(root);
    root.object("portal", [&](json::Reader& r) { portal(r); });
    take();
    root.object("encryption", [&](json::Reader& r) { encryption(r); });
    take();
    locks(root);
    constexpr std::array fail_modes = std::to_array<std::string_view>({"prompt", "block", "allow_with_note"});
    policy.fail_mode = fail_modes[root.one_of("fail_mode", {"prompt", "block", "allow_with_note"}, 0)];
    take();
    root.finish();
    for (const auto& where : problem_.unknown) fatal(where, "nobody knows this field; correct its name, or begin it with // to make it a comment");
    whole();
  }

 private:
  json::Problem problem_;
  std::map<std::string, std::string> domains_;  // every domain and address claimed so far -> pointer of the claim
  std::vector<std::string> workflow_pointers_;

  void fatal(std::string where, std::string message) { problems.push_back({std::move(where), std::move(message), true}); }
  void advise(std::string where, std::string message) { problems.push_back({std::move(where), std::move(message), false}); }
  void take() {
    if (problem_.first) fatal(problem_.first->where, problem_.first->message);
    problem_.first.reset();
  }

  std::string identifier(json::Reader& r, std::string_view key) {
    std::string id = r.required_text(key);
    const bool missing = problem_.first.has_value();
    take();
    if (!missing && !is_id(id)) fatal(r.pointer() + "/" + std::string(key), "must be 1 to 64 letters, digits, dots, hyphens or underscores");
    return id;
  }

  std::string line(json::Reader& r, std::string_view key) {
    std::string text = r.text(key);
    take();
    if (text.size() > 1000 || has_control(text)) fatal(r.pointer() + "/" + std::string(key), "must be one line of at most 1,000 bytes");
    return text;
  }

  // Domains or addresses, lower-cased; the same one twice anywhere is an error, because nobody could say whose it is.
  std::vector<std::string> claims(json::Reader& r, std::string_view key, bool addresses) {
    std::vector<std::string> out;
    const auto texts = r.texts(key);
    take();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string where = r.pointer() + "/" + std::string(key) + "/" + std::to_string(i);
      const std::string fault = addresses ? address_fault(texts[i]) : domain_fault(texts[i]);
      if (!fault.empty()) {
        fatal(where, fault);
        continue;
      }
      if (!addresses && has_upper(texts[i])) advise(where, "domains have no capitals; it is read in lower case");
      std::string text = lower(texts[i]);
      if (!addresses && is_listed_consumer(text)) {
        fatal(where, "everybody can have an address there; list the few addresses that are meant under addresses");
        continue;
      }
      if (!addresses && is_disposable(text)) {
        fatal(where, "is a throw-away mail service; take it out");
        continue;
      }
      const auto [claim, fresh] = domains_.emplace(text, where);
      if (!fresh) {
        fatal(where, "is already listed at " + claim->second + "; keep one of the two");
        continue;
      }
      out.push_back(std::move(text));
    }
    return out;
  }

  void organisation(json::Reader& r) {
    auto& organisation = policy.organisation;
    organisation.name = line(r, "name");
    organisation.kind = static_cast<OrganisationKind>(r.one_of("kind", {"unknown", "clinic", "hospital", "payer", "vendor", "other"}, 0));
    take();
    organisation.revealing = r.flag("revealing", false);
    take();
    organisation.staff = r.texts("staff");
    take();
    for (std::size_t i = 0; i < organisation.staff.size(); ++i) {
      auto& name = organisation.staff[i];
      if (is_blank(name) || name.size() > 200 || has_control(name) || name.find('@') != std::string::npos) {
        fatal(r.pointer() + "/staff/" + std::to_string(i), "must be a person's full name such as Ana Petrova");
      } else if (name.find(' ') == std::string::npos) {
        advise(r.pointer() + "/staff/" + std::to_string(i), "one word alone would also excuse patients of that name; write the full name");
      }
      name = text::fold(name);
    }
    const auto phones = r.texts("phones");
    take();
    for (std::size_t i = 0; i < phones.size(); ++i) {
      std::string digits;
      for (const char c : phones[i]) {
        if (c >= '0' && c <= '9') digits += c;
      }
      if (digits.size() < 7 || digits.size() > 15) fatal(r.pointer() + "/phones/" + std::to_string(i), "must be a phone number of 7 to 15 digits");
      organisation.phones.push_back(std::move(digits));
    }
  }

  void own(json::Reader& r) {
    policy.own_domains = claims(r, "domains", false);
    policy.own_addresses = claims(r, "addresses", true);
  }

  void partner(json::Reader& r) {
    Partner partner;
    partner.id = identifier(r, "id");
    const bool known = std::ranges::any_of(policy.partners, [&](const Partner& other) { return other.id == partner.id; });
    if (known && !partner.id.empty()) fatal(r.pointer() + "/id", "another partner has this id; give each its own");
    partner.name = line(r, "name");
    partner.domains = claims(r, "domains", false);
    partner.addresses = claims(r, "addresses", true);
    if (!r.has("domains") && !r.has("addresses")) fatal(r.pointer(), "add domains or addresses; without them nobody is this partner");
    partner.baa = r.flag("baa", false);
    take();
    const auto expires = r.optional_text("baa_expires");
    take();
    if (expires) {
      partner.baa_expires = expires->size() == 10 ? parse_iso_date(*expires) : std::nullopt;
      if (!partner.baa_expires) fatal(r.pointer() + "/baa_expires", "must be a date such as 2027-06-30");
      if (!partner.baa) advise(r.pointer() + "/baa_expires", "has no effect while baa is not true");
    } else if (partner.baa) {
      advise(r.pointer(), "the BAA has no baa_expires; add the date so that nobody relies on an old one");
    }
    partner.channel = static_cast<Channel>(r.one_of("channel", {"email", "encrypt", "portal", "direct", "fax", "never"}, 0));
    take();
    if (partner.name.empty()) advise(r.pointer(), "has no name; the sender would read the id instead");
    policy.partners.push_back(std::move(partner));
  }

  void role(const std::string& id, json::Reader& r) {
    take();
    if (!is_id(id)) fatal(r.pointer(), "a role id has 1 to 64 letters, digits, dots, hyphens or underscores");
    Role role;
    role.id = id;
    role.title = line(r, "title");
    role.may_send_phi = r.flag("may_send_phi", true);
    take();
    if (r.has("mode")) role.mode = static_cast<Mode>(r.one_of("mode", {"monitor", "advise", "enforce"}, 1));
    take();
    policy.roles.push_back(std::move(role));
  }

  void mailbox(const std::string& address, json::Reader& r) {
    take();
    const auto fault = address_fault(address);
    if (!fault.empty()) fatal(r.pointer(), "the key must be the mailbox's address: " + fault);
    Mailbox mailbox;
    mailbox.address = lower(address);
    if (std::ranges::any_of(policy.mailboxes, [&](const Mailbox& other) { return other.address == mailbox.address; })) {
      fatal(r.pointer(), "this mailbox is listed twice; keep one");
    }
    mailbox.owner = line(r, "owner");
    mailbox.roles = role_list(r);
    mailbox.may_send_phi = r.flag("may_send_phi", true);
    take();
    if (mailbox.owner.empty()) advise(r.pointer(), "has no owner; an auditor will ask who looks after it");
    policy.mailboxes.push_back(std::move(mailbox));
  }

  std::vector<std::string> role_list(json::Reader& r) {
    auto roles = r.texts("roles");
    take();
    for (std::size_t i = 0; i < roles.size(); ++i) {
      const bool known = std::ranges::any_of(policy.roles, [&](const Role& role) { return role.id == roles[i]; });
      if (!known) fatal(r.pointer() + "/roles/" + std::to_string(i), "no such role; define it under /roles");
    }
    return roles;
  }

  template <typename E>
  std::vector<E> words(json::Reader& r, std::string_view key, std::string_view what) {
    std::vector<E> out;
    const auto texts = r.texts(key);
    take();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto word = from_string<E>(texts[i]);
      const std::string where = r.pointer() + "/" + std::string(key) + "/" + std::to_string(i);
      if (!word) fatal(where, "is no " + std::string(what) + "; the schema lists them");
      else if (std::ranges::find(out, *word) != out.end()) fatal(where, "is listed twice");
      else out.push_back(*word);
    }
    return out;
  }

  void workflow(json::Reader& r) {
    Workflow flow;
    flow.id = identifier(r, "id");
    const bool known = std::ranges::any_of(policy.workflows, [&](const Workflow& other) { return other.id == flow.id; });
    if (known && !flow.id.empty()) fatal(r.pointer() + "/id", "another line has this id; give each its own");
    flow.title = line(r, "title");
    flow.owner = line(r, "owner");
    flow.note = line(r, "note");
    flow.categories = words<Category>(r, "categories", "category");
    flow.audiences = words<Audience>(r, "audiences", "audience");
    flow.roles = role_list(r);
    flow.mailboxes = r.texts("mailboxes");
    take();
    for (std::size_t i = 0; i < flow.mailboxes.size(); ++i) {
      auto& address = flow.mailboxes[i];
      address = lower(address);
      const std::string where = r.pointer() + "/mailboxes/" + std::to_string(i);
      const auto fault = address_fault(address);
      if (!fault.empty()) fatal(where, fault);
      else if (std::ranges::none_of(policy.mailboxes, [&](const Mailbox& box) { return box.address == address; })) {
        fatal(where, "no such mailbox; define it under /mailboxes");
      }
    }
    flow.phi_allowed = r.one_of("phi", {"no", "yes"}, 1) == 1;
    take();
    flow.channel = static_cast<Channel>(r.one_of("channel", {"email", "encrypt", "portal", "direct", "fax", "never"}, 0));
    take();
    const std::size_t attachments = r.one_of("attachments", {"rare", "common", "never"}, 0);
    take();
    flow.attachments_common = attachments == 1;
    flow.attachments_never = attachments == 2;

    if (flow.title.empty()) advise(r.pointer(), "has no title; the printed map would show the id");
    if (flow.owner.empty()) advise(r.pointer(), "has no owner; an auditor will ask who looks after it");
    if (flow.channel == Channel::never && flow.phi_allowed) {
      fatal(r.pointer() + "/phi", "says yes while the channel is never; write no, or choose another channel");
    }
    unreachable(r.pointer(), flow);
    policy.workflows.push_back(std::move(flow));
    workflow_pointers_.push_back(r.pointer());
  }

  // A line that no mail can reach is a mistake in the map: somebody relies on it.
  void unreachable(const std::string& where, const Workflow& flow) {
    if (!flow.roles.empty() && !flow.mailboxes.empty()) {
      const bool possible = std::ranges::any_of(flow.mailboxes, [&](const std::string& address) {
        const auto box = std::ranges::find(policy.mailboxes, address, &Mailbox::address);
        return box == policy.mailboxes.end() || box->roles.empty() ||
               std::ranges::any_of(flow.roles, [&](const std::string& role) { return std::ranges::find(box->roles, role) != box->roles.end(); });
      });
      if (!possible) fatal(where, "can never apply: none of its roles may send from its mailboxes");
    }
    for (std::size_t i = 0; i < policy.workflows.size(); ++i) {
      const auto& earlier = policy.workflows[i];
      if (includes(earlier.categories, flow.categories) && includes(earlier.audiences, flow.audiences) &&
          includes(earlier.roles, flow.roles) && includes(earlier.mailboxes, flow.mailboxes)) {
        fatal(where, "can never apply: " + workflow_pointers_[i] + " already covers all of it; move the narrower line up");
        return;
      }
    }
  }

  void override_cell(json::Reader& r) {
    Override cell;
    cell.content = static_cast<Content>(r.one_of("content", {"none", "health", "identity", "phi"}, 3));
    take();
    if (!r.has("content")) fatal(r.pointer() + "/content", "is required");
    if (r.has("severity")) {
      const auto severity = r.count("severity", 0);
      const bool number = !problem_.first.has_value();
      take();
      if (number && severity > 4) fatal(r.pointer() + "/severity", "must be 0 to 4");
      cell.severity = static_cast<int>(std::min<std::uint64_t>(severity, 4));
      if (cell.content != Content::phi) advise(r.pointer() + "/severity", "matters for content phi only");
    }
    if (!r.has("audience")) fatal(r.pointer() + "/audience", "is required");
    cell.audience = static_cast<Audience>(r.one_of("audience", {"own", "partner", "patient", "outside", "risky"}, 3));
    take();
    if (!r.has("action")) fatal(r.pointer() + "/action", "is required");
    cell.action = static_cast<Action>(r.one_of("action", {"allow", "note", "confirm", "justify", "block"}, 2) + 1);
    take();
    const bool known = std::ranges::any_of(policy.overrides, [&](const Override& other) {
      return other.content == cell.content && other.severity == cell.severity && other.audience == cell.audience;
    });
    if (known) fatal(r.pointer(), "this cell is already set above; keep one");
    if (cell.content == Content::phi && cell.severity.value_or(4) >= 3 && cell.audience >= Audience::outside && cell.action < Action::confirm) {
      advise(r.pointer(), "lets plain patient information go outside without a question; make sure that this is meant");
    }
    policy.overrides.push_back(cell);
  }

  void gaps(json::Reader& root) {
    root.entry_texts("gaps", [&](const std::string& name, const std::string& word) {
      const std::string where = "/gaps/" + (is_id(name) ? name : std::string("?"));
      std::size_t at = 0;
      for (std::size_t i = 1; i < policy.gap_actions.size(); ++i) {
        if (name == message::to_string(static_cast<message::Unread>(i))) at = i;
      }
      if (at == 0) {
        fatal(where, "must be one of unsupported encrypted too_large timeout crashed no_sandbox unreadable pending");
        return;
      }
      const auto action = from_string<Action>(word);
      if (!action || *action == Action::none) fatal(where, "must be one of note confirm justify block");
      else if (*action == Action::allow) fatal(where, "an unread part never counts as clean; use note or more");
      else policy.gap_actions[at] = *action;
    });
    take();
  }

  void many_visible(json::Reader& root) {
    const auto many = root.count("many_visible", policy.many_visible);
    const bool number = !problem_.first.has_value();
    take();
    if (number && (many < 1 || many > 10000)) fatal("/many_visible", "must be 1 to 10000");
    policy.many_visible = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(many, 1, 10000));
  }

  void portal(json::Reader& r) {
    Portal portal;
    portal.name = line(r, "name");
    portal.url = r.required_text("url");
    const bool missing = problem_.first.has_value();
    take();
    if (!missing) {
      const std::string where = r.pointer() + "/url";
      const auto& url = portal.url;
      const bool odd = !is_ascii(url) || has_control(url) || url.find_first_of(" <>\"'`\\{}|^") != std::string::npos || url.size() > 2000;
      if (url.starts_with("http://")) {
        fatal(where, "must begin with https:// so that nobody can read along");
      } else if (!url.starts_with("https://") || odd) {
        fatal(where, "must be a web address such as https://portal.clinic.example/");
      } else {
        const auto authority = url.substr(8, url.find_first_of("/?#", 8) - 8);
        const auto host = authority.substr(0, authority.find(':'));
        if (authority.find('@') != std::string::npos) fatal(where, "must not hold a user name or password");
        else if (!domain_fault(host).empty()) fatal(where, "must be a web address such as https://portal.clinic.example/");
      }
    }
    r.object("notice", [&](json::Reader& notices) {
      for (const char* lang : {"en", "es"}) {
        notices.object(lang, [&](json::Reader& n) { portal.notices.push_back(notice(lang, n)); });
        take();
      }
    });
    take();
    const auto speaks = [&](std::string_view lang) { return std::ranges::find(portal.notices, lang, &Template::lang) != portal.notices.end(); };
    if (speaks("en") != speaks("es")) {
      advise(r.pointer() + "/notice", speaks("en") ? "has no Spanish text (es); patients who read Spanish get the built-in one"
                                                   : "has no English text (en); the built-in one is used");
    }
    policy.portal = std::move(portal);
  }

  Template notice(std::string_view lang, json::Reader& n) {
    Template notice{std::string(lang), n.required_text("subject"), {}};
    take();
    notice.text = n.required_text("text");
    take();
    if (has_control(notice.subject) || notice.subject.size() > 200) fatal(n.pointer() + "/subject", "must be one line of at most 200 bytes");
    if (notice.text.size() > 10000) fatal(n.pointer() + "/text", "must be at most 10,000 bytes");
    if (n.has("text") && notice.text.find("{portal}") == std::string::npos) {
      fatal(n.pointer() + "/text", "must hold {portal}; the portal's web address is put there");
    }
    for (const auto& [key, text] : {std::pair{"/subject", notice.subject}, std::pair{"/text", notice.text}}) {
      for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
        const std::string_view rest = std::string_view(text).substr(at);
        if (!rest.starts_with("{portal}") && !rest.starts_with("{organisation}")) {
          fatal(n.pointer() + key, "knows only the placeholders {portal} and {organisation}");
          break;
        }
      }
    }
    if (n.has("subject") && is_blank(notice.subject)) fatal(n.pointer() + "/subject", "must not be empty");
    return notice;
  }

  void encryption(json::Reader& r) {
    Encryption encryption;
    r.object("header", [&](json::Reader& h) {
      encryption.header_name = h.required_text("name");
      take();
      encryption.header_value = h.required_text("value");
      take();
      header(h, encryption);
    });
    take();
    encryption.subject_tag = r.text("subject_tag");
    take();
    const auto& tag = encryption.subject_tag;
    if (has_control(tag) || tag.size() > 64 || (r.has("subject_tag") && is_blank(tag))) {
      fatal(r.pointer() + "/subject_tag", "must be a short text on one line such as [encrypt]");
    }
    if (!r.has("header") && !r.has("subject_tag")) fatal(r.pointer(), "add a header or a subject_tag; without one nothing would be encrypted");
    policy.encryption = std::move(encryption);
  }

  // Thunderbird's compose API and Outlook's internetHeaders both set X-* headers; Sensitivity both can set too. Everything else one of
  // them refuses or overwrites.
  void header(json::Reader& h, const Encryption& encryption) {
    const auto& name = encryption.header_name;
    const auto& value = encryption.header_value;
    const std::string small = lower(name);
    const bool token = std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (h.has("name")) {
      const bool x = small.starts_with("x-") && small.size() > 2;
      if (!token || name.size() > 64 || (!x && small != "sensitivity")) {
        fatal(h.pointer() + "/name", "mail programs can set only headers that begin with X-, and Sensitivity");
      } else if (small.starts_with("x-ms-") || small.starts_with("x-microsoft-") || small.starts_with("x-mozilla-")) {
        fatal(h.pointer() + "/name", "the mail programs keep this header for themselves; choose another X- name");
      }
    }
    if (!h.has("value")) return;
    if (!is_ascii(value) || has_control(value) || is_blank(value) || value.size() > 200) {
      fatal(h.pointer() + "/value", "must be 1 to 200 plain ASCII characters on one line");
    } else if (small == "sensitivity" && lower(value) != "company-confidential" && lower(value) != "private" && lower(value) != "personal") {
      fatal(h.pointer() + "/value", "Sensitivity takes Company-Confidential, Private or Personal");
    }
  }

  void locks(json::Reader& root) {
    policy.locks = root.texts("locks");
    take();
    std::set<std::string> seen;
    for (std::size_t i = 0; i < policy.locks.size(); ++i) {
      const std::string where = "/locks/" + std::to_string(i);
      if (!is_id(policy.locks[i])) fatal(where, "must be the name of a setting");
      else if (!seen.insert(policy.locks[i]).second) fatal(where, "is listed twice");
    }
  }

  bool is_own(std::string_view address) const {
    return std::ranges::any_of(policy.own_domains, [&](const std::string& domain) { return is_under(host_of(address), domain); }) ||
           std::ranges::find(policy.own_addresses, address) != policy.own_addresses.end();
  }

  // What can only be seen with everything read.
  void whole() {
    if (policy.own_domains.empty() && policy.own_addresses.empty()) {
      advise("/own", "lists nothing; the sender's own domain counts as inside. Add the clinic's domains");
    }
    if (policy.organisation.kind == OrganisationKind::unknown) {
      advise("/organisation/kind", "is not given; say clinic or hospital so that being a patient here counts as health information");
    }
    for (std::size_t i = 0; i < policy.partners.size(); ++i) partner_domains(i);
    const bool any_own = !policy.own_domains.empty() || !policy.own_addresses.empty();
    for (const auto& box : policy.mailboxes) {
      if (any_own && address_fault(box.address).empty() && !is_own(box.address)) {
        fatal("/mailboxes/" + box.address, "is not at one of the own domains; add its domain under /own or take it out");
      }
    }
    for (std::size_t i = 0; i < policy.workflows.size(); ++i) {
      const auto& flow = policy.workflows[i];
      const auto& where = workflow_pointers_[i];
      if (flow.channel == Channel::never && policy.mode == Mode::advise) {
        advise(where + "/channel", "never asks instead of blocking in advise mode; use mode enforce to block");
      }
      if (flow.channel == Channel::portal && !policy.portal) advise(where + "/channel", "sends people to the portal, but /portal is missing");
      if (flow.channel == Channel::encrypt && !policy.encryption) advise(where + "/channel", "asks for encryption, but /encryption is missing; only who has keys in the mail program can be offered it");
    }
    if (!policy.portal) advise("/portal", "is missing; senders are told to use another way but cannot be taken to it");
    if (policy.fail_mode == "allow_with_note") {
      advise("/fail_mode", "lets mail go unchecked when the engine cannot be reached; prompt is the safer choice");
    }
  }

  void partner_domains(std::size_t i) {
    const std::string where = "/partners/" + std::to_string(i);
    for (const auto& domain : policy.partners[i].domains) {
      for (const auto& own : policy.own_domains) {
        if (is_under(domain, own)) fatal(where, "lies inside our own domains; a partner must be somebody else");
        else if (is_under(own, domain)) advise(where, "one of our own domains lies inside this partner's; ours wins");
      }
      for (std::size_t j = 0; j < policy.partners.size(); ++j) {
        if (j == i) continue;
        for (const auto& other : policy.partners[j].domains) {
          if (domain != other && is_under(domain, other)) {
            advise(where, "has a domain inside that of /partners/" + std::to_string(j) + "; the longer domain wins");
          }
        }
      }
    }
  }
};

Draft draft(std::string_view text) {
  Draft out;
  if (text.empty()) return out;
  const auto value = json::parse(text, {max_bytes, 16});
  if (!value) {
    out.problems.push_back({value.error().where, value.error().message, true});
    return out;
  }
  out.read(*value);
  out.policy.sha256 = sha256_hex(text);
  return out;
}

}  // namespace

std::string_view to_string(Channel channel) { return channel_names[static_cast<std::size_t>(channel)]; }

Policy default_policy() { return {}; }

Action table_action(Content content, int severity, bool special, Audience audience) {
  using enum Action;
  static constexpr Action phi[4][5] = {
      {allow, allow, note, note, confirm},
      {allow, note, confirm, confirm, confirm},
      {note, note, confirm, confirm, justify},
      {note, confirm, justify, justify, block},
  };
  static constexpr Action strong_identity[5] = {note, confirm, confirm, confirm, justify};
  static constexpr Action identity[5] = {allow, allow, allow, note, confirm};
  const auto column = static_cast<std::size_t>(audience);
  switch (content) {
    case Content::phi: {
      const int row = std::clamp(severity, 1, 4);
      if (row == 4 && special && audience == Audience::own) return confirm;
      return phi[row - 1][column];
    }
    case Content::identity: return special ? strong_identity[column] : identity[column];
    case Content::health:
    case Content::none: break;
  }
  if (audience != Audience::risky) return allow;
  return special ? confirm : note;
}

Action table_action(const Policy& policy, Content content, int severity, bool special, Audience audience) {
  const Override* best = nullptr;
  for (const auto& cell : policy.overrides) {
    if (cell.content != content || cell.audience != audience) continue;
    if (cell.severity && *cell.severity != severity) continue;
    if (best == nullptr || cell.severity) best = &cell;
  }
  return best != nullptr ? best->action : table_action(content, severity, special, audience);
}

Result<Policy> read_policy(std::string_view text) {
  auto read = draft(text);
  for (auto& problem : read.problems) {
    if (problem.fatal) return Error{ErrorCode::policy, std::move(problem.message), std::move(problem.where)};
  }
  return std::move(read.policy);
}

std::vector<PolicyProblem> check_policy(std::string_view text) {
  auto problems = draft(text).problems;
  std::ranges::stable_sort(problems, [](const PolicyProblem& a, const PolicyProblem& b) { return a.fatal && !b.fatal; });
  return problems;
}

}  // namespace phiscan::rules
