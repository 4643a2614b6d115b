#include "recipients/domains.hpp"

#include <libpsl.h>

#include <algorithm>
#include <array>

#include "recipients/confusables.hpp"
#include "rules/mail_domains.hpp"

namespace phiscan::recipients {
namespace {

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& sorted, std::string_view text) {
  return std::ranges::binary_search(sorted, text);
}

constexpr std::array gateway_hosts = std::to_array<std::string_view>({
    "cingularme.com", "concordsend.com", "efax.com", "efaxsend.com", "email.uscc.net", "emailtofax.com", "fax.plus",
    "faxage.com", "faxmail.com", "fido.ca", "hellofax.com", "interfax.net", "mailmymobile.net", "messaging.sprintpcs.com",
    "metrofax.com", "mms.att.net", "mms.cricketwireless.net", "mms.uscc.net", "mobile.att.net", "msg.fi.google.com",
    "msg.telus.com", "myfax.com", "mymetropcs.com", "onlinefax.com", "page.nextel.com", "pcs.rogers.com", "pm.sprint.com",
    "rcfax.com", "rightfax.com", "ringcentral.com", "sfax.com", "sms.cricketwireless.net", "sms.myboostmobile.com",
    "sms.rogers.com", "smtp2fax.com", "srfax.com", "text.republicwireless.com", "tmomail.net", "txt.att.net", "txt.bell.ca",
    "txt.bellmobility.ca", "vmobl.com", "vmpix.com", "vtext.com", "vzwpix.com",
});

// Anything one label or more below these goes into somebody's queue.
constexpr std::array ticket_parents = std::to_array<std::string_view>({
    "asana.com", "atlassian.net", "basecamp.com", "desk.com", "freshdesk.com", "freshservice.com", "frontapp.com", "gorgias.io", "happyfox.com",
    "helpscout.net", "hubspot.com", "intercom.io", "jitbit.com", "kayako.com", "monday.com", "salesforce.com", "service-now.com",
    "slack.com", "teamwork.com", "trello.com", "zendesk.com", "zohodesk.com",
});
constexpr std::array ticket_hosts = std::to_array<std::string_view>({
    "hs-inbox.com", "intercom-mail.com", "m.evernote.com", "mg.freshdesk.com", "noreply.github.com", "reply.github.com", "todoist.net",
});
constexpr std::array ticket_labels = std::to_array<std::string_view>({"freshdesk", "helpdesk", "jira", "servicedesk", "tickets", "zendesk"});
constexpr std::array ticket_tags = std::to_array<std::string_view>({"bounce", "bounces", "case", "notifications", "reply", "ticket"});

// Sorted. What stands alone before the @ and belongs to a desk, not to a person.
constexpr std::array role_locals = std::to_array<std::string_view>({
    "accounting", "accounts", "accountspayable", "admin", "admissions", "ap", "appointments", "ar", "authorizations",
    "benefits", "billing", "bookings", "careers", "claims", "clinical", "compliance", "consults", "contact", "contracts",
    "customerservice", "desk", "dispatch", "edi", "enquiries", "enrollment", "facturacion", "feedback", "finance", "frontdesk",
    "hello", "help", "helpdesk", "him", "hr", "info", "intake", "invoices", "it", "jobs", "lab", "labs", "legal", "mail",
    "marketing", "media", "medicalrecords", "members", "nurse", "nurses", "office", "operations", "orders", "payments",
    "payroll", "pharmacy", "postmaster", "press", "privacy", "providers", "purchasing", "recepcion", "reception", "records",
    "referrals", "refills", "registration", "release", "reports", "reservations", "results", "roi", "sales", "scheduling",
    "secretary", "security", "service", "services", "shipping", "support", "team", "training", "transcription", "triage",
    "utilization", "vendors", "webmaster",
});

constexpr std::array noreply_locals = std::to_array<std::string_view>({
    "bounce", "bounces", "donotreply", "mailerdaemon", "noreply", "noresponda", "noresponder", "unmonitored",
});

constexpr std::array consumer_labels = std::to_array<std::string_view>({"email", "inbox", "mail", "post", "webmail"});

constexpr std::array generic_labels = std::to_array<std::string_view>({
    "bank", "care", "city", "clinic", "county", "dental", "doctor", "family", "health", "hospital", "insurance", "lab", "legal", "medical",
    "office", "partner", "pharmacy", "state", "vendor",
});

constexpr std::array typo_suffixes = std::to_array<std::string_view>({
    "ccom", "cim", "clm", "cm", "cmo", "co", "cok", "coml", "comm", "comn", "con", "coom", "cpm", "cxom", "moc", "ne", "nett",
    "ney", "nte", "ocm", "og", "ogr", "om", "or", "orgg", "ort", "ten", "vom", "xom",
});

std::string digits_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= '0' && c <= '9') out += c;
  }
  return out;
}

// A phone number with the usual joints, nothing else.
bool is_phone_local(std::string_view local) {
  const auto body = local.substr(0, local.find('/'));
  const bool plain = std::ranges::all_of(body, [](char c) { return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; });
  const std::size_t digits = digits_of(body).size();
  return plain && digits >= 7 && digits <= 15;
}

// Without "+tag"; a local part that begins with + is all there is.
std::string_view without_tag(std::string_view local) { return local.starts_with('+') ? local : local.substr(0, local.find('+')); }

std::string squeezed(std::string_view local) {
  std::string out;
  for (const char c : without_tag(local)) {
    if (c != '.' && c != '-' && c != '_') out += c;
  }
  return out;
}

bool has_label(std::string_view host, std::string_view label) {
  for (std::size_t begin = 0; begin <= host.size();) {
    const std::size_t end = std::min(host.find('.', begin), host.size());
    if (host.substr(begin, end - begin) == label) return true;
    begin = end + 1;
  }
  return false;
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  for (std::size_t begin = 0; begin <= host.size();) {
    const std::size_t end = std::min(host.find('.', begin), host.size());
    const auto label = host.substr(begin, end - begin);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    const bool plain = std::ranges::all_of(label, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!plain) return false;
    begin = end + 1;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The local part without quotes; nothing when it is not one.
std::optional<std::string> read_local(std::string_view text) {
  if (text.empty() || text.size() > 256) return std::nullopt;
  std::string out;
  if (text.front() == '"') {
    if (text.size() < 3 || text.back() != '"') return std::nullopt;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
      if (text[i] == '"') return std::nullopt;
      if (text[i] == '\\' && ++i + 1 >= text.size()) return std::nullopt;
      if (static_cast<unsigned char>(text[i]) < 0x20) return std::nullopt;
      out += lower(text[i]);
    }
    return out;
  }
  if (text.front() == '.' || text.back() == '.') return std::nullopt;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || std::string_view("()<>[]:;@\\,\"").find(c) != std::string_view::npos) return std::nullopt;
    out += lower(c);
  }
  return out;
}

}  // namespace

std::string Mailbox::key() const {
  std::string name(without_tag(local));
  std::string at = host;
  if (registrable == "gmail.com" || registrable == "googlemail.com") {
    std::erase(name, '.');
    at = "gmail.com";
  }
  return name + "@" + at;
}

std::optional<Mailbox> parse_mailbox(std::string_view address) {
  address = trim(address);
  if (address.size() > 2000) return std::nullopt;
  if (address.ends_with('>')) {
    const auto open = address.rfind('<');
    if (open == std::string_view::npos) return std::nullopt;
    address = trim(address.substr(open + 1, address.size() - open - 2));
  }
  if (address.size() > 7 && std::ranges::equal(address.substr(0, 7), std::string_view("mailto:"), {}, lower)) address.remove_prefix(7);
  const auto at = address.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  Mailbox out;
  const auto local = read_local(address.substr(0, at));
  if (!local) return std::nullopt;
  out.local = *local;

  auto host = address.substr(at + 1);
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.size() > 1000) return std::nullopt;
  const bool literal = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (literal) {  // user@[192.0.2.1]
    const bool plain = std::ranges::all_of(host.substr(1, host.size() - 2), [](char c) {
      return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == ':';
    });
    if (!plain) return std::nullopt;
    for (const char c : host) out.host += lower(c);
    out.registrable = out.host;
    return out;
  }
  const bool ascii = std::ranges::all_of(host, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) {
    for (const char c : host) out.host += lower(c);
  } else {
    auto converted = host_to_ascii(host);
    if (!converted) return std::nullopt;
    out.host = std::move(*converted);
  }
  if (!is_host(out.host)) return std::nullopt;
  out.international = !ascii || out.host.starts_with("xn--") || out.host.find(".xn--") != std::string::npos;
  out.registrable = registrable_domain(out.host);
  return out;
}

bool is_group(std::string_view address) {
  address = trim(address);
  const auto colon = address.find(':');
  return address.ends_with(';') && colon != std::string_view::npos && colon > 0 && address.find('@') > colon;
}

std::string registrable_domain(std::string_view ascii_host) {
  std::string host(ascii_host);
  // Reserved for documents (RFC 2606 section 3): nobody's, so every name below belongs to an organisation of its own, as below a public suffix.
  for (const std::string_view reserved : documentation_domains) {
    if (!host.ends_with(reserved) || host.size() <= reserved.size() + 1 || host[host.size() - reserved.size() - 1] != '.') continue;
    const auto dot = host.rfind('.', host.size() - reserved.size() - 2);
    return dot == std::string::npos ? host : host.substr(dot + 1);
  }
  // The built-in list is constant data. A build of libpsl without one leaves the last two labels.
  if (const psl_ctx_t* list = psl_builtin()) {
    const char* found = psl_registrable_domain(list, host.c_str());
    return found != nullptr ? std::string(found) : host;
  }
  const auto last = host.rfind('.');
  if (last == std::string::npos || last == 0) return host;
  const auto before = host.rfind('.', last - 1);
  return before == std::string::npos ? host : host.substr(before + 1);
}

Split split(std::string_view registrable) {
  const auto dot = registrable.find('.');
  if (dot == std::string_view::npos) return {registrable, {}};
  return {registrable.substr(0, dot), registrable.substr(dot + 1)};
}

bool is_under(std::string_view host, std::string_view domain) {
  return host == domain || (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

bool is_consumer(std::string_view registrable) {
  if (rules::is_listed_consumer(registrable)) return true;
  const auto parts = split(registrable);
  // mail.mil and its like are nobody's private mail.
  if (parts.suffix.empty() || parts.suffix == "mil" || parts.suffix == "gov" || parts.suffix == "edu") return false;
  return is_one_of(consumer_labels, parts.label);
}

const std::vector<std::string_view>& typo_targets() {
  static const std::vector<std::string_view> targets = {
      "bellsouth.net", "centurylink.net", "comcast.net", "earthlink.net", "fastmail.com", "gmail.com", "googlemail.com", "hotmail.com",
      "hushmail.com", "icloud.com", "mindspring.com", "optonline.net", "outlook.com", "protonmail.com", "roadrunner.com", "rocketmail.com",
      "sbcglobal.net", "tutanota.com", "verizon.net", "windstream.net", "yahoo.com", "ymail.com", "hotmail.es", "yahoo.es", "yahoo.com.mx",
  };
  return targets;
}

bool is_typo_suffix(std::string_view suffix) {
  return std::ranges::find(typo_suffixes, suffix) != typo_suffixes.end();
}

bool is_common_suffix(std::string_view suffix) { return suffix == "com" || suffix == "net" || suffix == "org"; }

bool is_generic_label(std::string_view label) { return is_one_of(generic_labels, label); }

bool is_gateway(const Mailbox& mailbox) {
  if (!is_phone_local(mailbox.local)) return false;
  const std::string_view host = mailbox.host;
  if (is_one_of(gateway_hosts, host) || is_one_of(gateway_hosts, mailbox.registrable)) return true;
  for (const auto& label : {"fax", "efax", "sms", "mms", "txt", "text"}) {
    if (has_label(host, label)) return true;
  }
  return split(mailbox.registrable).label.find("fax") != std::string_view::npos;
}

bool is_ticket(const Mailbox& mailbox) {
  bool whole = true;
  for (std::string_view host = mailbox.host; !host.empty(); whole = false) {
    if (is_one_of(ticket_hosts, host) || (!whole && is_one_of(ticket_parents, host))) return true;
    const auto dot = host.find('.');
    if (is_one_of(ticket_labels, host.substr(0, dot))) return true;
    host = dot == std::string_view::npos ? std::string_view() : host.substr(dot + 1);
  }
  const auto plus = mailbox.local.find('+');
  if (plus == std::string::npos || plus + 1 >= mailbox.local.size()) return false;
  const auto name = std::string_view(mailbox.local).substr(0, plus), tag = std::string_view(mailbox.local).substr(plus + 1);
  // reply+token@, support+case5521@
  return is_one_of(ticket_tags, name) || (is_one_of(role_locals, name) && digits_of(tag).size() >= 3);
}

bool is_direct(const Mailbox& mailbox) { return has_label(mailbox.host, "direct") || mailbox.registrable == "directaddress.net"; }

bool is_list_address(const Mailbox& mailbox) {
  const auto local = without_tag(mailbox.local);
  for (const auto& name : {"all", "everyone", "staff", "allstaff", "all-staff", "todos"}) {
    if (local == name) return true;
  }
  for (const auto& end : {"-list", "-team", "-dl", "-all", "-members", "-announce", "-discuss"}) {
    if (local.ends_with(end)) return true;
  }
  if (local.starts_with("list-") || local.starts_with("dl-") || local.starts_with("all-")) return true;
  return has_label(mailbox.host, "lists") || has_label(mailbox.host, "list") || has_label(mailbox.host, "listserv") ||
         mailbox.registrable == "googlegroups.com" || mailbox.registrable == "groups.io";
}

bool is_role_mailbox(const Mailbox& mailbox) { return is_noreply(mailbox) || is_one_of(role_locals, squeezed(mailbox.local)); }

bool is_noreply(const Mailbox& mailbox) {
  const std::string local = squeezed(mailbox.local);
  return is_one_of(noreply_locals, local) || local.starts_with("noreply") || local.starts_with("donotreply");
}

static_assert(std::ranges::is_sorted(gateway_hosts));
static_assert(std::ranges::is_sorted(ticket_parents));
static_assert(std::ranges::is_sorted(ticket_hosts));
static_assert(std::ranges::is_sorted(ticket_labels));
static_assert(std::ranges::is_sorted(ticket_tags));
static_assert(std::ranges::is_sorted(role_locals));
static_assert(std::ranges::is_sorted(noreply_locals));
static_assert(std::ranges::is_sorted(consumer_labels));
static_assert(std::ranges::is_sorted(generic_labels));

}  // namespace phiscan::recipients
