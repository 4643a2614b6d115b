#include "recipients/people.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "text/text.hpp"

namespace phiscan::recipients {
namespace {

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& sorted, std::string_view text) {
  return std::ranges::binary_search(sorted, text);
}

constexpr std::array titles = std::to_array<std::string_view>({
    "dna", "doctor", "doctora", "don", "dona", "dr", "dra", "hon", "lic", "miss", "mr", "mrs", "ms", "mx", "nurse", "prof",
    "professor", "rev", "senor", "senora", "sir", "sr", "sra", "srta",
});
constexpr std::array credentials = std::to_array<std::string_view>({
    "aprn", "arnp", "bsn", "ccc", "cma", "cnm", "cnp", "cpc", "crna", "dc", "dds", "dmd", "dnp", "do", "dpm", "dpt", "esq",
    "faap", "facc", "facog", "facp", "facs", "fnp", "ii", "iii", "iv", "jr", "lcsw", "lmft", "lmhc", "lpc", "lpn", "lvn", "ma",
    "mba", "md", "mph", "ms", "msn", "msw", "np", "od", "otr", "pa", "pac", "pharmd", "phd", "psyd", "pt", "rd", "rdn", "rma",
    "rn", "rph", "slp", "sr",
});
// Words of desks, companies and groups; one of them and the text names no person.
constexpr std::array not_people = std::to_array<std::string_view>({
    "account", "accounting", "accounts", "admin", "all", "and", "appointment", "appointments", "associates",
    "authorization", "bank", "benefits", "billing", "board", "care", "careteam", "center", "centro", "claims", "class",
    "clinic", "clinica", "clinical", "colegas", "colleagues", "committee", "company", "compliance", "consulting",
    "contact", "corp", "counseling", "crew", "customer", "delegates", "dental", "department", "dept", "desk", "dispatch",
    "editor", "editors", "equipo", "everybody", "everyone", "faculty", "families", "fax", "finance", "folks", "friends",
    "front", "frontdesk", "group", "grupo", "health", "healthcare", "help", "home", "hospital", "inc", "info", "insurance",
    "intake", "lab", "laboratory", "labs", "legal", "line", "list", "llc", "mail", "mailbox", "management", "marketing",
    "medical", "medicine", "members", "neighbors", "newsletter", "noreply", "notification", "notifications", "nurses",
    "nursing", "office", "oficina", "orders", "paciente", "pacientes", "pages", "parents", "partners", "patient",
    "patients", "payroll", "pharmacy", "portal", "practice", "provider", "providers", "recepcion", "reception", "records",
    "referral", "referrals", "refill", "refills", "reminder", "reminders", "reply", "reports", "residents", "results",
    "sales", "schedule", "scheduling", "school", "security", "service", "services", "staff", "students", "subscribers",
    "suite", "support", "surgery", "system", "systems", "teachers", "team", "tenants", "the", "therapy", "todos",
    "undisclosed", "unit", "university", "vendor", "volunteers", "window",
});

// First names that are one person under several spellings. Every name of a line is also a usual first name.
constexpr std::array nicknames = std::to_array<std::string_view>({
    "abigail abby gail", "abraham abe", "albert al bert alberto beto", "alejandro alex ale", "alexander alex alec xander sasha",
    "alexandra alex sandra lexi", "alfred al fred alfredo", "alice ali", "alicia ali", "allison ali allie", "amanda mandy",
    "andrew andy drew andres", "angela angie", "anna ann anne annie ana", "anthony tony antonio", "antonia toni", "arthur art",
    "barbara barb babs", "beatrice bea", "benjamin ben benny", "bernard bernie", "beverly bev", "bradley brad", "calvin cal",
    "carolina caro", "caroline carol carrie", "catherine cathy kate katie cate kathy katherine kathleen kathryn kit kay",
    "charles charlie chuck chas carlos", "charlotte lottie", "christina chris tina christine cristina",
    "christopher chris topher cristobal", "cynthia cindy", "daniel dan danny", "danielle dani", "david dave davey",
    "deborah deb debbie debra", "dennis denny", "diana di diane", "dolores lola", "donald don donny", "dorothy dot dottie",
    "douglas doug", "edward ed eddie ted ned eduardo lalo", "eleanor ellie nell nora",
    "elizabeth liz beth betty betsy eliza lisa libby elisabeth isabel elisa", "emily em emmy", "emma em", "enrique kike henry",
    "eric rick erik", "esteban steven", "eugene gene", "evelyn eve evie", "florence flo", "frances fran francie",
    "francis frank fran francisco paco pancho", "frederick fred freddy", "gabriel gabe", "gabriela gaby gabi gabriella",
    "george jorge", "gerald gerry jerry gerardo", "gilbert gil", "gloria glo", "gregory greg gregorio", "guadalupe lupe lupita",
    "guillermo memo william", "gustavo gus", "harold harry hal", "harriet hattie", "helen nell elena", "henry hank harry",
    "herbert herb bert", "ignacio nacho", "isabella bella izzy isabel", "jacob jake jacobo", "jacqueline jackie",
    "james jim jimmy jamie jaime", "janet jan", "jane janie", "jason jay", "jeanette jean", "jeffrey jeff geoffrey",
    "jennifer jen jenny jenn", "jeremy jerry", "jesus chuy", "jessica jess jessie", "joan joanie", "joanna jo joanne",
    "john jack johnny jon juan", "jonathan jon", "jose pepe joseph", "joseph joe joey jo", "josephine jo josie", "joshua josh",
    "juana jane", "judith judy", "julia julie", "kenneth ken kenny", "kimberly kim", "kristin kris kristen", "laura laurie",
    "lauren laurie", "lawrence larry lorenzo", "leonard leo len lenny", "leslie les", "lillian lily", "linda lindy",
    "louis lou luis", "louise lou", "lucille lucy", "luisa lulu", "manuel manny manolo",
    "margaret maggie meg peggy marge margie greta margarita", "maria mary mia marie", "martha marty marta", "martin marty",
    "mary molly polly mae", "matthew matt mateo", "maureen mo", "maximilian max", "megan meg", "melanie mel", "melissa mel missy",
    "michael mike mick mickey miguel", "michelle shelly", "mildred millie", "mohammed mohamed muhammad mo mohammad",
    "mercedes meche", "nancy nan", "natalie nat", "nathan nate", "nathaniel nate nathan", "nicholas nick nico nicolas",
    "nicole nikki", "olivia liv livvy", "oscar ozzie", "pablo paul", "pamela pam", "patricia pat patty tricia trish",
    "patrick pat paddy", "paul pablo", "pedro peter", "peter pete", "philip phil phillip felipe", "priscilla cilla",
    "rachel rach", "rafael rafa raphael", "ramon moncho", "raymond ray ramon", "rebecca becky becca", "refugio cuca",
    "ricardo rick richard", "richard rick dick rich richie", "robert bob rob bobby robbie bert roberto beto", "rodrigo rod",
    "roger rog", "ronald ron ronnie", "rosario chayo", "rosemary rose rosie", "rosa rose rosita", "russell russ",
    "salvador sal chava", "samantha sam", "samuel sam sammy", "sandra sandy", "santiago diego james", "sarah sara sally",
    "sergio checo", "sharon shari", "sofia sophia sophie", "stanley stan", "stephanie steph", "stephen steve stephan steven",
    "susan sue susie suzanne suzy susana", "teresa terry tess theresa", "terrence terry", "theodore ted teddy theo",
    "thomas tom tommy tomas", "timothy tim", "tobias toby", "valerie val", "veronica vero ronnie", "victor vic",
    "victoria vicky tori", "vincent vince vinnie vicente", "virginia ginny", "walter walt", "wendy wen", "wesley wes",
    "william bill will billy willie liam", "yolanda yoli", "zachary zach zack",
});
constexpr std::array usual_names = std::to_array<std::string_view>({
    "aaron", "adam", "adriana", "ahmed", "aiden", "aisha", "alan", "amy", "andrea", "april", "ashley", "audrey", "austin",
    "ava", "brandon", "brenda", "brian", "brittany", "bruce", "bryan", "carl", "carmen", "cesar", "chloe", "claudia", "cody",
    "colleen", "connie", "craig", "crystal", "curtis", "dana", "darlene", "dawn", "derek", "donna", "doris", "dylan", "edith",
    "edna", "elijah", "ella", "erica", "erin", "ernest", "esther", "ethan", "ethel", "eva", "fatima", "fernando", "gary",
    "glenn", "grace", "hannah", "hassan", "heather", "heidi", "holly", "howard", "hugo", "ian", "ibrahim", "irene", "iris",
    "isaac", "ivan", "jackson", "janice", "jasmine", "javier", "jayden", "jean", "jeff", "jill", "jordan", "jose", "joyce",
    "julian", "julio", "justin", "karen", "keith", "kelly", "kevin", "kyle", "lee", "liam", "logan", "lori", "lucas", "lucia",
    "luz", "lynn", "marcus", "marilyn", "mario", "mark", "marvin", "mason", "mei", "mike", "miriam", "monica", "natalia",
    "neil", "noah", "norma", "norman", "omar", "paola", "paula", "phyllis", "pilar", "priya", "ralph", "raul", "regina",
    "robin", "rosa", "ruben", "ruth", "ryan", "scott", "sean", "seth", "sheila", "shirley", "silvia", "stacy", "tanya", "tara",
    "tiffany", "tina", "todd", "tracy", "travis", "tyler", "vanessa", "vera", "wanda", "wayne", "ximena", "yesenia", "yusuf",
});

// First name -> lines of `nicknames` it stands in; usual names without nicknames have none.
const std::unordered_map<std::string_view, std::vector<std::size_t>>& name_groups() {
  static const auto groups = [] {
    std::unordered_map<std::string_view, std::vector<std::size_t>> out;
    for (std::size_t line = 0; line < nicknames.size(); ++line) {
      const std::string_view words = nicknames[line];
      for (std::size_t begin = 0; begin < words.size();) {
        const std::size_t end = std::min(words.find(' ', begin), words.size());
        out[words.substr(begin, end - begin)].push_back(line);
        begin = end + 1;
      }
    }
    for (const auto name : usual_names) out.try_emplace(name);
    return out;
  }();
  return groups;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// Folded words of letters. Apostrophes vanish (O'Brien -> obrien), everything else parts.
std::vector<std::string> words(std::string_view folded) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : folded) {
    if (is_letter(c)) word += c;
    else if (c != '\'' && !word.empty()) out.push_back(std::exchange(word, {}));
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

bool is_credential(std::string_view word) { return is_one_of(credentials, word); }

std::string compact(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_letter(c)) out += c;
  }
  return out;
}

std::string_view without_tag(std::string_view local) { return local.starts_with('+') ? local : local.substr(0, local.find('+')); }

bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::any_of(a, [&](const std::string& word) { return word.size() > 1 && std::ranges::find(b, word) != b.end(); });
}

bool share_given(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::any_of(a, [&](const std::string& x) {
    return std::ranges::any_of(b, [&](const std::string& y) { return same_given(x, y); });
  });
}

}  // namespace

std::string Name::folded() const {
  std::string out;
  for (const auto* part : {&given, &surname}) {
    for (const auto& word : *part) out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

Name read_name(std::string_view display) {
  if (display.size() > 200 || display.find('@') != std::string_view::npos) return {};
  // Parts between commas, notes in brackets dropped.
  const std::string folded = text::fold(display.substr(0, display.find_first_of("([<")));
  std::vector<std::vector<std::string>> parts;
  for (std::size_t begin = 0; begin <= folded.size();) {
    const std::size_t end = std::min(folded.find(',', begin), folded.size());
    parts.push_back(words(std::string_view(folded).substr(begin, end - begin)));
    begin = end + 1;
  }
  for (const auto& part : parts) {
    if (std::ranges::any_of(part, [](const std::string& word) { return is_one_of(not_people, word); })) return {};
  }
  auto& first = parts.front();
  while (!first.empty() && is_one_of(titles, first.front())) first.erase(first.begin());
  Name out;
  const bool reversed = parts.size() > 1 && !first.empty() && !parts[1].empty() && !is_credential(parts[1].front());
  if (reversed) {
    if (first.size() > 3 || parts[1].size() > 3) return {};
    out.surname = first;
    out.given = parts[1];
    while (out.given.size() > 1 && is_credential(out.given.back())) out.given.pop_back();
    while (out.given.size() > 1 && is_one_of(titles, out.given.front())) out.given.erase(out.given.begin());
    return out;
  }
  while (first.size() > 2 && is_credential(first.back())) first.pop_back();
  if (first.empty() || first.size() > 5) return {};
  out.given.assign(first.begin(), first.end() - (first.size() > 1 ? 1 : 0));
  if (first.size() > 1) out.surname.push_back(first.back());
  return out;
}

bool has_doctor_title(std::string_view display) {
  if (display.size() > 200) return false;
  const auto found = words(text::fold(display));
  if (found.size() < 3) return false;
  for (const auto title : {"dr", "dra", "doctor", "doctora"}) {
    if (found.front() == title) return true;
  }
  return found.back() == "md";
}

std::vector<std::string> name_words(std::string_view folded) { return words(folded); }

std::vector<std::string> local_words(std::string_view local) {
  if (local.size() > 128) return {};
  return words(text::fold(without_tag(local)));
}

Name name_of_local(std::string_view local) {
  const auto found = local_words(local);
  if (found.size() != 2 || found[0].size() < 2 || found[1].size() < 2) return {};
  if (std::ranges::any_of(found, [](const std::string& word) { return is_one_of(not_people, word); })) return {};
  const auto& known = name_groups();
  if (known.contains(found[0])) return {{found[0]}, {found[1]}};
  if (known.contains(found[1])) return {{found[1]}, {found[0]}};
  return {};
}

bool same_given(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  if (a == b) return true;
  if (a.size() > b.size()) std::swap(a, b);
  if (a.size() == 1) return b.front() == a.front();  // an initial
  if (a.size() >= 3 && b.starts_with(a)) return true;
  const auto& groups = name_groups();
  const auto x = groups.find(a), y = groups.find(b);
  if (x == groups.end() || y == groups.end()) return false;
  return std::ranges::any_of(x->second, [&](std::size_t line) { return std::ranges::find(y->second, line) != y->second.end(); });
}

bool spells(std::string_view local, const Name& name) {
  if (!name.is_full()) return false;
  auto parts = local_words(local);
  std::string letters;
  for (const auto& part : parts) letters += part;
  if (letters.empty()) return false;
  parts.push_back(letters);
  // Initials with the surname may be one word of several: jroe.garden. Two initials, too: dmroe.
  const auto is_initials = [&](const std::string& word, const std::string& surname) {
    if (surname.size() < 3 || word.size() <= surname.size()) return false;
    const std::string initial = name.given.front().substr(0, 1);
    const std::string both = name.given.size() > 1 ? initial + name.given[1].substr(0, 1) : initial;
    return word == initial + surname || word == surname + initial || word == both + surname;
  };
  for (const auto& surname : name.surname) {
    if (std::ranges::any_of(parts, [&](const std::string& word) { return is_initials(word, surname); })) return true;
    for (const auto& given : name.given) {
      if (given.size() > 1 && surname.size() > 1 && (letters == given + surname || letters == surname + given)) return true;
      if (given.size() >= 3 && surname.size() >= 3 && letters.find(surname) != std::string::npos && letters.find(given) != std::string::npos) return true;
    }
  }
  return false;
}

Fit fit(const Name& person, const Name& display, std::string_view local) {
  if (person.empty()) return Fit::unclear;
  if (spells(local, person)) return Fit::fits;
  const std::string letters = local.size() > 128 ? std::string() : compact(text::fold(without_tag(local)));
  const auto local_has = [&](const std::vector<std::string>& parts) {
    return std::ranges::any_of(parts, [&](const std::string& part) { return part.size() >= 4 && letters.find(part) != std::string::npos; });
  };
  const Name theirs = display.empty() ? name_of_local(local) : display;
  if (share(person.surname, theirs.surname) || share(person.surname, theirs.given) || local_has(person.surname)) return Fit::fits;
  const bool given = share_given(person.given, theirs.given) || (display.empty() && local_has(person.given));
  if (theirs.is_full()) {
    // The same first name with another surname is the classic slip of autocomplete, not the person.
    if (!person.surname.empty()) return Fit::differs;
    return given || share_given(person.given, theirs.surname) ? Fit::fits : Fit::differs;
  }
  if (given) return Fit::fits;
  return Fit::unclear;
}

Fit fit_greeting(std::string_view greeting, const Name& display, std::string_view local) {
  auto greeted = words(greeting);
  while (!greeted.empty() && is_one_of(titles, greeted.front())) greeted.erase(greeted.begin());
  if (greeted.empty() || greeted.size() > 4) return Fit::unclear;
  if (std::ranges::any_of(greeted, [](const std::string& word) { return is_one_of(not_people, word); })) return Fit::unclear;
  const std::string letters = local.size() > 128 ? std::string() : compact(text::fold(without_tag(local)));
  const Name theirs = display.empty() ? name_of_local(local) : display;
  for (const auto& word : greeted) {
    if (word.size() < 2) return Fit::unclear;
    if (word.size() >= 3 && letters.find(word) != std::string::npos) return Fit::fits;
    for (const auto* part : {&theirs.given, &theirs.surname}) {
      if (share_given({word}, *part)) return Fit::fits;
    }
  }
  // Somebody's first name hides in the address only as an initial: "Hi Dana" to droe@ is fine.
  if (!letters.empty() && display.empty()) return Fit::unclear;
  return theirs.is_full() ? Fit::differs : Fit::unclear;
}

static_assert(std::ranges::is_sorted(titles));
static_assert(std::ranges::is_sorted(credentials));
static_assert(std::ranges::is_sorted(not_people));

}  // namespace phiscan::recipients
