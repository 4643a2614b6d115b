// The policy as tables that an auditor can read and sign: no JSON words, every default spelled out.
#include <algorithm>
#include <cstdio>
#include <set>

#include "json/json.hpp"
#include "rules/policy.hpp"

namespace phiscan::rules {
namespace {

// Both languages stand side by side, so that neither is forgotten.
struct Words {
  bool spanish = false;
  std::string operator()(const char* en, const char* es) const { return spanish ? es : en; }
};

using Row = std::vector<std::string>;

std::string join(const std::vector<std::string>& parts, const std::string& empty) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out.empty() ? empty : out;
}

std::string kind_name(OrganisationKind kind, Words w) {
  switch (kind) {
    case OrganisationKind::clinic: return w("clinic", "clínica");
    case OrganisationKind::hospital: return w("hospital", "hospital");
    case OrganisationKind::payer: return w("health plan", "plan de salud");
    case OrganisationKind::vendor: return w("vendor", "proveedor");
    case OrganisationKind::other: return w("other", "otra");
    case OrganisationKind::unknown: break;
  }
  return w("not given", "no indicada");
}

std::string mode_name(Mode mode, Words w) {
  switch (mode) {
    case Mode::monitor: return w("monitor: only counts", "observar: solo cuenta");
    case Mode::advise: return w("advise: asks, never blocks", "aconsejar: pregunta, nunca bloquea");
    case Mode::enforce: break;
  }
  return w("enforce: does what the table says", "aplicar: hace lo que dice la tabla");
}

std::string action_name(Action action, Words w) {
  switch (action) {
    case Action::allow: return w("send", "enviar");
    case Action::note: return w("send, with a note", "enviar, con un aviso");
    case Action::confirm: return w("ask first", "preguntar antes");
    case Action::justify: return w("ask for a reason", "pedir un motivo");
    case Action::block: return w("do not send", "no enviar");
    case Action::none: break;
  }
  return "-";
}

std::string channel_name(Channel channel, Words w) {
  switch (channel) {
    case Channel::email: return w("ordinary e-mail", "correo normal");
    case Channel::encrypt: return w("encrypted e-mail", "correo cifrado");
    case Channel::portal: return w("patient portal", "portal del paciente");
    case Channel::direct: return w("Direct message", "mensaje Direct");
    case Channel::fax: return w("fax", "fax");
    case Channel::never: break;
  }
  return w("never by e-mail", "nunca por correo");
}

std::string audience_name(Audience audience, Words w) {
  switch (audience) {
    case Audience::own: return w("only us", "solo nosotros");
    case Audience::partner: return w("partner with a valid BAA", "socio con BAA vigente");
    case Audience::patient: return w("the patient", "el paciente");
    case Audience::outside: return w("anyone else", "otra persona");
    case Audience::risky: break;
  }
  return w("address that looks wrong", "dirección que parece equivocada");
}

std::string category_name(Category category, Words w) {
  switch (category) {
    case Category::lab: return w("lab results", "resultados de laboratorio");
    case Category::diagnosis: return w("diagnoses", "diagnósticos");
    case Category::medication: return w("medicines", "medicamentos");
    case Category::vitals: return w("vital signs", "signos vitales");
    case Category::procedure: return w("procedures", "procedimientos");
    case Category::imaging: return w("imaging", "imágenes");
    case Category::appointment: return w("appointments", "citas");
    case Category::referral: return w("referrals", "derivaciones");
    case Category::billing: return w("billing", "facturación");
    case Category::insurance: return w("insurance", "seguro");
    case Category::intake: return w("intake forms", "formularios de ingreso");
    case Category::id_document: return w("ID documents", "documentos de identidad");
    case Category::immunization: return w("vaccines", "vacunas");
    case Category::narrative: return w("clinical notes", "notas clínicas");
    case Category::bulk: return w("lists of patients", "listas de pacientes");
    case Category::substance_use: return w("substance use", "consumo de sustancias");
    case Category::psychotherapy: return w("psychotherapy", "psicoterapia");
    case Category::mental_health: return w("mental health", "salud mental");
    case Category::hiv: return w("HIV", "VIH");
    case Category::sti: return w("sexually transmitted infections", "infecciones de transmisión sexual");
    case Category::reproductive: return w("reproductive health", "salud reproductiva");
    case Category::genetic: return w("genetics", "genética");
    case Category::gender_care: return w("gender care", "atención de género");
    case Category::abuse: return w("abuse", "maltrato");
    case Category::minor: return w("minors", "menores");
    case Category::communicable: return w("reportable infections", "infecciones de declaración obligatoria");
    case Category::workers_comp: return w("workers' compensation", "accidentes de trabajo");
    case Category::hospice: break;
  }
  return w("hospice", "cuidados paliativos");
}

std::string gap_name(message::Unread why, Words w) {
  using message::Unread;
  switch (why) {
    case Unread::unsupported: return w("file format that cannot be read", "formato de archivo que no se puede leer");
    case Unread::encrypted: return w("encrypted or password-protected", "cifrado o con contraseña");
    case Unread::too_large: return w("too large", "demasiado grande");
    case Unread::timeout: return w("took too long", "tardó demasiado");
    case Unread::crashed: return w("the reader failed", "el lector falló");
    case Unread::no_sandbox: return w("no safe place to read it", "sin un lugar seguro para leerlo");
    case Unread::unreadable: return w("damaged", "dañado");
    case Unread::pending: return w("not read yet", "aún sin leer");
    case Unread::none: break;
  }
  return "-";
}

class Page {
 public:
  Page(const Policy& policy, Words w) : policy_(policy), w_(w) {}

  json::Value write() {
    who();
    use_map();
    partners();
    roles();
    mailboxes();
    table();
    unread();
    portal();
    encryption();
    locks();
    const auto& name = policy_.organisation.name;
    const std::string title = w_("E-mail use map", "Mapa de uso del correo");
    return {{"title", name.empty() ? title : title + " - " + name}, {"sections", std::move(sections_)}};
  }

 private:
  const Policy& policy_;
  Words w_;
  json::Value sections_ = json::Value::array();

  std::string yes(bool value) const { return value ? w_("yes", "sí") : w_("no", "no"); }
  std::string any() const { return w_("any", "cualquiera"); }

  void add(std::string title, Row columns, std::vector<Row> rows) {
    sections_.push_back({{"title", std::move(title)}, {"columns", std::move(columns)}, {"rows", std::move(rows)}});
  }

  std::string role_title(const std::string& id) const {
    const auto role = std::ranges::find(policy_.roles, id, &Role::id);
    return role == policy_.roles.end() || role->title.empty() ? id : role->title;
  }

  std::string role_titles(const std::vector<std::string>& ids) const {
    std::vector<std::string> titles;
    for (const auto& id : ids) titles.push_back(role_title(id));
    return join(titles, "");
  }

  void who() {
    const auto& organisation = policy_.organisation;
    std::vector<std::string> own = policy_.own_domains;
    own.insert(own.end(), policy_.own_addresses.begin(), policy_.own_addresses.end());
    std::vector<Row> rows = {
        {w_("Organisation", "Organización"), organisation.name.empty() ? w_("not given", "no indicada") : organisation.name},
        {w_("Kind", "Tipo"), kind_name(organisation.kind, w_)},
        {w_("The name alone reveals a condition", "El nombre ya revela una enfermedad"), yes(organisation.revealing)},
        {w_("Inside", "Dentro"), join(own, w_("the sender's own domain", "el dominio de quien envía"))},
        {w_("Mode", "Modo"), mode_name(policy_.mode, w_)},
        {w_("Staff named here", "Personal nombrado aquí"), std::to_string(organisation.staff.size())},
        {w_("Visible patient addresses allowed", "Direcciones de pacientes visibles permitidas"), std::to_string(policy_.many_visible)},
        {w_("When nothing could be checked", "Cuando no se pudo revisar nada"),
         policy_.fail_mode == "block"             ? w_("do not send", "no enviar")
         : policy_.fail_mode == "allow_with_note" ? w_("send, with a note", "enviar, con un aviso")
                                                  : w_("ask first", "preguntar antes")},
    };
    if (!policy_.id.empty()) rows.push_back({w_("Policy", "Política"), policy_.id + " " + policy_.version});
    if (!policy_.sha256.empty()) rows.push_back({"SHA-256", policy_.sha256});
    add(w_("Who we are", "Quiénes somos"), {w_("What", "Qué"), w_("Value", "Valor")}, std::move(rows));
  }

  std::string who_may(const Workflow& flow) const {
    std::string out = role_titles(flow.roles);
    const std::string boxes = join(flow.mailboxes, "");
    if (!boxes.empty()) out += (out.empty() ? "" : "; ") + w_("from ", "desde ") + boxes;
    return out.empty() ? w_("everyone", "todos") : out;
  }

  void use_map() {
    std::vector<Row> rows;
    for (const auto& flow : policy_.workflows) {
      std::vector<std::string> categories, audiences;
      for (const auto category : flow.categories) categories.push_back(category_name(category, w_));
      for (const auto audience : flow.audiences) audiences.push_back(audience_name(audience, w_));
      rows.push_back({flow.title.empty() ? flow.id : flow.title, join(categories, any()), join(audiences, any()), yes(flow.phi_allowed),
                      channel_name(flow.channel, w_), who_may(flow),
                      flow.attachments_common  ? w_("common", "frecuentes")
                      : flow.attachments_never ? w_("never", "nunca")
                                               : w_("rare", "raros"),
                      flow.owner.empty() ? "-" : flow.owner, flow.note});
    }
    if (rows.empty()) rows.push_back({w_("No lines: the table below decides.", "Sin líneas: decide la tabla de abajo."), "", "", "", "", "", "", "", ""});
    add(w_("E-mail use map", "Mapa de uso del correo"),
        {w_("Workflow", "Tarea"), w_("What it is about", "De qué trata"), w_("To", "A quién"), w_("May PHI appear?", "¿Puede llevar PHI?"),
         w_("Channel", "Canal"), w_("Who", "Quién"), w_("Attachments", "Adjuntos"), w_("Owner", "Responsable"), w_("Note", "Nota")},
        std::move(rows));
  }

  void partners() {
    std::vector<Row> rows;
    for (const auto& partner : policy_.partners) {
      std::vector<std::string> where = partner.domains;
      where.insert(where.end(), partner.addresses.begin(), partner.addresses.end());
      rows.push_back({partner.name.empty() ? partner.id : partner.name, join(where, "-"), yes(partner.baa),
                      !partner.baa            ? "-"
                      : partner.baa_expires   ? to_iso(*partner.baa_expires)
                                              : w_("no date", "sin fecha"),
                      channel_name(partner.channel, w_)});
    }
    if (rows.empty()) rows.push_back({w_("none", "ninguno"), "", "", "", ""});
    add(w_("Partners", "Socios"),
        {w_("Partner", "Socio"), w_("Domains and addresses", "Dominios y direcciones"), "BAA", w_("BAA good through", "BAA vigente hasta"),
         w_("Channel", "Canal")},
        std::move(rows));
  }

  void roles() {
    if (policy_.roles.empty()) return;
    std::vector<Row> rows;
    for (const auto& role : policy_.roles) {
      rows.push_back({role.title.empty() ? role.id : role.title,
                      role.may_send_phi ? w_("yes", "sí") : w_("no: portal first, else ask", "no: primero el portal; si no, preguntar"),
                      mode_name(role.mode.value_or(policy_.mode), w_) + (role.mode ? " *" : "")});
    }
    add(w_("Roles (* = own mode)", "Funciones (* = modo propio)"),
        {w_("Role", "Función"), w_("May send PHI outside?", "¿Puede enviar PHI fuera?"), w_("Mode", "Modo")}, std::move(rows));
  }

  void mailboxes() {
    if (policy_.mailboxes.empty()) return;
    std::vector<Row> rows;
    for (const auto& box : policy_.mailboxes) {
      const std::string titles = role_titles(box.roles);
      rows.push_back({box.address, box.owner.empty() ? "-" : box.owner, titles.empty() ? w_("everyone", "todos") : titles, yes(box.may_send_phi)});
    }
    add(w_("Mailboxes", "Buzones"),
        {w_("Mailbox", "Buzón"), w_("Owner", "Responsable"), w_("Who may send from it", "Quién puede enviar"),
         w_("May PHI leave from it?", "¿Puede salir PHI?")},
        std::move(rows));
  }

  void table() {
    struct Line {
      Content content;
      int severity;
      bool special;
      std::string name;
    };
    const std::vector<Line> lines = {
        {Content::phi, 1, false, w_("PHI 1: a person and a plain appointment", "PHI 1: una persona y una cita sencilla")},
        {Content::phi, 2, false, w_("PHI 2: probably patient information", "PHI 2: probablemente información de paciente")},
        {Content::phi, 3, false, w_("PHI 3: a person with results, diagnosis, medicine or payment", "PHI 3: una persona con resultados, diagnóstico, medicina o pago")},
        {Content::phi, 4, false, w_("PHI 4: with Social Security or Medicare number", "PHI 4: con número de Seguro Social o de Medicare")},
        {Content::phi, 4, true, w_("PHI 4: many patients, or a specially protected topic", "PHI 4: muchos pacientes o un tema con protección especial")},
        {Content::identity, 2, true, w_("Social Security, card, bank, passport or licence number, no health", "número de Seguro Social, tarjeta, banco, pasaporte o licencia, sin salud")},
        {Content::identity, 1, false, w_("Other personal data, no health", "otros datos personales, sin salud")},
        {Content::health, 0, false, w_("Health text about nobody in particular", "texto de salud sobre nadie en particular")},
        {Content::health, 0, true, w_("The same; the address imitates ours or a partner's, or many patients see each other",
                                      "lo mismo; la dirección imita la nuestra o la de un socio, o muchos pacientes se ven entre sí")},
        {Content::none, 0, false, w_("Nothing of the kind", "nada de eso")},
        {Content::none, 0, true, w_("The same; the address imitates ours or a partner's, or many patients see each other",
                                    "lo mismo; la dirección imita la nuestra o la de un socio, o muchos pacientes se ven entre sí")},
    };
    constexpr std::array audiences = {Audience::own, Audience::partner, Audience::patient, Audience::outside, Audience::risky};
    std::vector<Row> rows;
    for (const auto& line : lines) {
      Row row{line.name};
      for (const auto audience : audiences) {
        const Action standard = table_action(line.content, line.severity, line.special, audience);
        const Action here = table_action(policy_, line.content, line.severity, line.special, audience);
        row.push_back(action_name(here, w_) + (here != standard ? w_(" * (standard: ", " * (normal: ") + action_name(standard, w_) + ")" : ""));
      }
      rows.push_back(std::move(row));
    }
    Row columns{w_("The message holds", "El mensaje lleva")};
    for (const auto audience : audiences) columns.push_back(audience_name(audience, w_));
    add(w_("What happens (* = our own rule). ", "Qué pasa (* = regla propia). ") + mode_name(policy_.mode, w_), std::move(columns), std::move(rows));
  }

  void unread() {
    std::vector<Row> rows;
    for (std::size_t i = 1; i < policy_.gap_actions.size(); ++i) {
      const auto why = static_cast<message::Unread>(i);
      using message::Unread;
      const bool quiet = why == Unread::unsupported || why == Unread::encrypted || why == Unread::pending;
      const std::string standard =
          quiet ? w_("send, with a note; ask first when it goes outside and looks clinical, holds personal data, or is the message itself",
                     "enviar, con un aviso; preguntar antes si va fuera y parece clínico, lleva datos personales o es el mensaje mismo")
                : w_("ask first when it goes outside", "preguntar antes si va fuera");
      const auto& action = policy_.gap_actions[i];
      rows.push_back({gap_name(why, w_), action ? w_("at least: ", "como mínimo: ") + action_name(*action, w_) + " *" : standard});
    }
    add(w_("Parts that could not be read (* = our own rule)", "Partes que no se pudieron leer (* = regla propia)"),
        {w_("Reason", "Motivo"), w_("What happens", "Qué pasa")}, std::move(rows));
  }

  void portal() {
    std::vector<Row> rows;
    if (!policy_.portal) {
      rows.push_back({w_("none", "ninguno"), ""});
    } else {
      const auto& portal = *policy_.portal;
      rows.push_back({portal.name.empty() ? w_("Portal", "Portal") : portal.name, portal.url});
      if (portal.notices.empty()) rows.push_back({w_("Notice", "Aviso"), w_("the built-in text", "el texto incluido")});
      for (const auto& notice : portal.notices) {
        rows.push_back({w_("Notice, ", "Aviso, ") + notice.lang, notice.subject + " / " + notice.text});
      }
    }
    add(w_("Patient portal", "Portal del paciente"), {w_("What", "Qué"), w_("Value", "Valor")}, std::move(rows));
  }

  void encryption() {
    std::vector<Row> rows;
    if (policy_.encryption) {
      const auto& encryption = *policy_.encryption;
      if (!encryption.header_name.empty()) rows.push_back({w_("Header", "Encabezado"), encryption.header_name + ": " + encryption.header_value});
      if (!encryption.subject_tag.empty()) rows.push_back({w_("Subject tag", "Marca en el asunto"), encryption.subject_tag});
    }
    if (rows.empty()) rows.push_back({w_("none", "ninguno"), ""});
    add(w_("How encryption is asked for", "Cómo se pide el cifrado"), {w_("What", "Qué"), w_("Value", "Valor")}, std::move(rows));
  }

  void locks() {
    std::vector<Row> rows;
    for (const auto& lock : policy_.locks) rows.push_back({lock});
    if (rows.empty()) rows.push_back({w_("none", "ninguno")});
    add(w_("Settings a user cannot change", "Ajustes que el usuario no puede cambiar"), {w_("Setting", "Ajuste")}, std::move(rows));
  }
};

}  // namespace

Result<std::string> describe_policy(std::string_view text, std::string_view locale) {
  const auto policy = read_policy(text);
  if (!policy) return policy.error();
  const bool spanish = locale == "es" || locale.starts_with("es-") || locale.starts_with("es_");
  return Page(*policy, Words{spanish}).write().dump(-1, ' ', false, json::Value::error_handler_t::replace);
}

}  // namespace phiscan::rules
