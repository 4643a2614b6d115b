#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <vector>

#include "detect/structure.hpp"

using namespace phiscan;
using detect::Structured;

namespace {

text::Text plain(std::string_view source) { return text::normalise_part({message::PartRef::Kind::body_text}, source, false); }
text::Text html(std::string_view source) { return text::normalise_part({message::PartRef::Kind::body_html}, source, true); }

// "1 identity name DOE^JANE", one line a value, so that a failing test shows what was read.
std::string shown(const text::Text& text, const std::vector<Structured>& all) {
  std::string out;
  for (const auto& found : all) {
    for (const auto& value : found.values) {
      out += std::to_string(value.record) + ' ' + std::string(to_string(value.kind)) + ' ' + std::string(to_string(value.label)) + ' ' +
             std::string(value.value.of(text.norm)) + '\n';
    }
  }
  return out;
}

struct Read {
  std::vector<Structured> all;
  std::string values;
  std::uint32_t records = 0;
  bool clinical = false;

  [[nodiscard]] bool has(std::string_view line) const { return ('\n' + values).find('\n' + std::string(line) + '\n') != std::string::npos; }
};

Read read(std::string_view recogniser, const text::Text& text) {
  Read result;
  result.all = detect::read_structures(recogniser, text);
  result.values = shown(text, result.all);
  for (const auto& found : result.all) {
    result.records += found.records;
    result.clinical = result.clinical || found.clinical;
    for (const auto& value : found.values) {
      CHECK(found.extent.contains(value.value));
      CHECK(value.record <= found.records);
    }
  }
  return result;
}

Read table(std::string_view source) { return read("table", plain(source)); }

constexpr const char* readers[] = {"hl7v2", "x12", "fhir", "ccda", "table"};

}  // namespace

// ---- HL7 v2 ------------------------------------------------------------------------------------------------------------

TEST_CASE("an HL7 result message gives the person of its PID and the results of its OBX") {
  const auto found = read("hl7v2", plain(std::string("Hi support,\n\nMSH|^~\\&|LIS|VALLEY|EHR|CLINIC|20260917083012||ORU^R01|88213|P|2.5.1\n"
                                         "PID|1||00998127^^^VAL^MR~078-05-1120^^^^SS||KOWALCZYK^HALINA^M||19550723|F|||48 TANNERY RD^^MILLBROOK^OH^43999||(202)555-0162|||||88-213|\n"
                                         "NK1|1|KOWALCZYK^PIOTR|SPO||(202)555-0163\n"
                                         "OBR|1||26-0917-5531|24323-8^CMP^LN|||20260916071500\n"
                                         "OBX|1|NM|2345-7^GLUCOSE^LN||287|mg/dL|70-99|H|||F\nIN1|1|PPO|77|BLUE PLAN") + std::string(32, '|') + "XYZ123456789\n\nLars\n"));
  INFO(found.values);
  CHECK(found.records == 1);
  CHECK(found.clinical);
  CHECK(found.has("1 identity name KOWALCZYK^HALINA^M"));
  CHECK(found.has("1 identity name KOWALCZYK^PIOTR"));
  CHECK(found.has("1 identity mrn 00998127"));
  CHECK(found.has("1 identity ssn 078-05-1120"));
  CHECK(found.has("1 identity date_of_birth 19550723"));
  CHECK(found.has("1 identity address 48 TANNERY RD^^MILLBROOK^OH^43999"));
  CHECK(found.has("1 identity phone (202)555-0162"));
  CHECK(found.has("1 identity account 88-213"));
  CHECK(found.has("1 identity accession 26-0917-5531"));
  CHECK(found.has("1 health lab CMP"));
  CHECK(found.has("1 health lab GLUCOSE"));
  CHECK(found.has("1 health lab 287"));
  CHECK(found.has("1 health insurance BLUE PLAN"));
  CHECK(found.has("1 identity member_id XYZ123456789"));
}

TEST_CASE("each PID of an HL7 batch is a record, and the attending is a provider") {
  const auto found = read("hl7v2", plain("MSH|^~\\&|ADT|RSP|X|Y|20261002101500||ADT^A04|5561|P|2.3\rPID|1||RSP-20931||DELACRUZ^MATEO||20190304|M\r"
                                         "PV1|1|O|URG^^^RSP||||1234567893^LEE^GRACE|||||||||||V118823\rDG1|1||J45.901^UNSPECIFIED ASTHMA^I10\r"
                                         "MSH|^~\\&|ADT|RSP|X|Y|20261002104100||ADT^A04|5562|P|2.3\rPID|1||RSP-20944||OYELARAN^SIMI||20210811|F\r"
                                         "DG1|1||H66.93^OTITIS MEDIA^I10\r"));
  INFO(found.values);
  CHECK(found.records == 2);
  CHECK(found.has("1 health icd J45.901"));
  CHECK(found.has("2 health diagnosis OTITIS MEDIA"));
  CHECK(found.has("1 provider npi 1234567893"));
  CHECK(found.has("1 provider provider_name LEE^GRACE"));
}

TEST_CASE("HL7 segments joined in one line, in an MLLP frame, quoted or wrapped are still segments") {
  for (const std::string_view source :
       {std::string_view("\x0bMSH|^~\\&|A|B|C|D|20260917||ADT^A04|1|P|2.3 PID|1||4471882^^^H^MR||ROE^ROBERT||19610412|M DG1|1||E11.9^DIABETES^I10\x1c\n"),
        std::string_view("> MSH|^~\\&|A|B|C|D|20260917||ADT^A04|1|P|2.3\n> PID|1||4471882^^^H^MR||ROE^ROBERT||19610412|M\n> DG1|1||E11.9^DIABETES^I10\n"),
        std::string_view("PID|1||4471882^^^HOSPITAL^MR||ROE^ROBERT||19610412|M|||77 QUARRY HILL\nROAD^^FAIRHAVEN^WA^98999||2025550143|||S\nDG1|1||E11.9^DIABETES^I10\n"),
        std::string_view("PID|1||4471882||ROE^ROBERT||19610412000000|M\nDG1|1||E119^DIABETES\n")}) {
    const auto found = read("hl7v2", plain(source));
    INFO(found.values);
    CHECK(found.records == 1);
    CHECK(found.has("1 identity mrn 4471882"));
    CHECK(found.has("1 identity name ROE^ROBERT"));
    CHECK(found.has("1 identity date_of_birth 19610412"));
    CHECK(found.has("1 health diagnosis DIABETES"));
  }
}

TEST_CASE("a result segment without a person belongs to nobody but is health") {
  const auto found = read("hl7v2", plain("fails on\nOBX|1|NM|2345-7^GLUCOSE^LN||287|mg/dL\n"));
  CHECK(found.records == 0);
  CHECK(found.clinical);
  CHECK(found.has("0 health lab 287"));
}

TEST_CASE("an emptied HL7 message, a test patient and prose with bars give nothing") {
  for (const std::string_view source :
       {std::string_view("MSH|^~\\&|LAB|PP|CHARTWISE|PP|||ORU^R01|||2.5.1\nPID|1||||||||\nOBR|1|||^^^\nOBX|1|ED|PDF^Report||^application^pdf^Base64^...||||||F\n"),
        std::string_view("PID|1||||TEST^PATIENT||\n"), std::string_view("Jane Roe | Front Desk | (202) 555-0143\n"),
        std::string_view("grep -E 'PID|OBX' feed.log | head\n"), std::string_view("The PID| prefix marks the patient segment.\n")}) {
    const auto found = read("hl7v2", plain(source));
    INFO(found.values);
    CHECK(found.all.empty());
  }
}

// ---- X12 ---------------------------------------------------------------------------------------------------------------

TEST_CASE("bare X12 segments give the subscriber, the claim and the codes") {
  const auto found = read("x12", plain("NM1*85*2*VALLEY PODIATRY*****XX*1234567893~\nHL*2*1*22*0~SBR*P*18*******CI~\nNM1*IL*1*BRAMANTE*LORENZO****MI*VP88014420~\n"
                                       "N3*77 QUARRY HILL RD APT 2B~N4*FAIRHAVEN*WA*98999~DMG*D8*19580214*M~\nCLM*55-20417*640***11:B:1*Y*A*Y*Y~HI*ABK:M2011*ABF:E1142~\n"
                                       "SV1*HC:11721:59*85*UN*1***1~\nHL*3*1*22*0~\nNM1*IL*1*TOLLIVER*JUNE****MI*VP90022178~DMG*D8*19721130*F~REF*SY*078051120~\n"
                                       "CLM*55-20533*185***11:B:1*Y*A*Y*Y~HI*ABK:L600~\n"));
  INFO(found.values);
  CHECK(found.records == 2);
  CHECK(found.clinical);
  CHECK(found.has("0 provider npi 1234567893"));
  CHECK(found.has("0 provider provider_name VALLEY PODIATRY"));
  CHECK(found.has("1 identity name BRAMANTE*LORENZO"));
  CHECK(found.has("1 identity member_id VP88014420"));
  CHECK(found.has("1 identity address 77 QUARRY HILL RD APT 2B"));
  CHECK(found.has("1 identity zip 98999"));
  CHECK(found.has("1 identity date_of_birth 19580214"));
  CHECK(found.has("1 identity claim 55-20417"));
  CHECK(found.has("1 health icd M2011"));
  CHECK(found.has("1 health icd E1142"));
  CHECK(found.has("1 health procedure_code 11721"));
  CHECK(found.has("2 identity name TOLLIVER*JUNE"));
  CHECK(found.has("2 identity ssn 078051120"));
  CHECK(found.has("2 health icd L600"));
}

TEST_CASE("in a remittance the claim before a patient is that patient's") {
  const auto found = read("x12", plain("ISA*00*          *00*          *ZZ*PAYERONE       *ZZ*HARBORIM       *261013*0600*^*00501*000004417*0*P*:~\nST*835*0001~\n"
                                       "CLP*HIM-88120*4*185*0**MC*2026285001177~\nCAS*CO*16*185~\nNM1*QC*1*FITZGERALD*MAEVE****MI*M00781234501~\nDTM*232*20260921~\n"
                                       "SVC*HC:99213*185*0~\nCLP*HIM-88134*1*240*212.44*20~\nNM1*QC*1*SANDOVAL*ERNESTO****MI*M00933310202~\nSVC*HC:99214*240*212.44~\nSE*12*0001~\n"));
  INFO(found.values);
  CHECK(found.records == 2);
  CHECK(found.has("1 identity claim HIM-88120"));
  CHECK(found.has("1 identity name FITZGERALD*MAEVE"));
  CHECK(found.has("2 identity claim HIM-88134"));
  CHECK(found.has("2 identity name SANDOVAL*ERNESTO"));
  CHECK(found.has("2 health procedure_code 99214"));
}

TEST_CASE("X12 separators are taken from the ISA segment") {
  const auto found = read("x12", plain("ISA|00|          |00|          |ZZ|A              |ZZ|B              |261013|0600|^|00501|000004417|0|P|>!\nST|837|0001!NM1|IL|1|ROE|ROBERT||||MI|XYZ123!"
                                       "DMG|D8|19610412|M!HI|ABK>E119!SE|1|0001!\n"));
  INFO(found.values);
  CHECK(found.has("1 identity name ROE|ROBERT"));
  CHECK(found.has("1 health icd E119"));
}

TEST_CASE("stars in prose, companion guides and footnotes are not X12") {
  for (const std::string_view source :
       {std::string_view("HI* everyone, * see note * and REF* below ~ thanks\n"), std::string_view("NM1*IL*1*LASTNAME*FIRSTNAME****MI*~\n"),
        std::string_view("int N3*N4 = 5; EB*2; HL*3;\n"), std::string_view("Use the NM1 segment with qualifier IL for the subscriber.\n")}) {
    const auto found = read("x12", plain(source));
    INFO(found.values);
    CHECK(found.all.empty());
  }
}

// ---- FHIR --------------------------------------------------------------------------------------------------------------

TEST_CASE("a FHIR bundle links results to its patient") {
  const auto found = read("fhir", plain("This is the bundle:\n\n{\n  \"resourceType\": \"Bundle\", \"type\": \"transaction\",\n  \"entry\": [\n    {\"resource\": {\"resourceType\": \"Patient\", \"id\": \"p1\",\n"
                                        "      \"identifier\": [{\"type\": {\"text\": \"MRN\"}, \"value\": \"BC-7782014\"}],\n      \"name\": [{\"family\": \"Tshabalala\", \"given\": [\"Nomsa\"]}],\n"
                                        "      \"birthDate\": \"1984-06-16\",\n      \"telecom\": [{\"system\": \"phone\", \"value\": \"202-555-0181\"}]}},\n"
                                        "    {\"resource\": {\"resourceType\": \"Observation\", \"status\": \"final\",\n      \"code\": {\"coding\": [{\"system\": \"http://loinc.org\", \"code\": \"4548-4\"}]},\n"
                                        "      \"subject\": {\"reference\": \"Patient/p1\"},\n      \"performer\": [{\"display\": \"Dr. Ann Lee\"}],\n      \"valueQuantity\": {\"value\": 11.8, \"unit\": \"%\"}}}\n  ]\n}\n\nDev\n"));
  INFO(found.values);
  CHECK(found.records == 1);
  CHECK(found.clinical);
  CHECK(found.has("1 identity mrn BC-7782014"));
  CHECK(found.has("1 identity name Tshabalala"));
  CHECK(found.has("1 identity name Nomsa"));
  CHECK(found.has("1 identity date_of_birth 1984-06-16"));
  CHECK(found.has("1 identity phone 202-555-0181"));
  CHECK(found.has("1 health lab 4548-4"));
  CHECK(found.has("1 health lab 11.8"));
  CHECK(found.has("0 provider provider_name Dr. Ann Lee"));
}

TEST_CASE("a FHIR resource names its patient by display and identifier") {
  const auto found = read("fhir", plain("{\"resourceType\":\"Immunization\",\"status\":\"completed\",\n \"vaccineCode\":{\"coding\":[{\"system\":\"http://hl7.org/fhir/sid/cvx\",\"code\":\"03\",\"display\":\"MMR\"}]},\n"
                                        " \"patient\":{\"display\":\"Solveig Haugen\",\"identifier\":{\"system\":\"urn:mrn\",\"value\":\"4410988\"}},\n \"occurrenceDateTime\":\"2026-09-30\"}"));
  INFO(found.values);
  CHECK(found.records == 1);
  CHECK(found.has("1 identity name Solveig Haugen"));
  CHECK(found.has("1 identity mrn 4410988"));
  CHECK(found.has("1 health medication MMR"));
}

TEST_CASE("FHIR that is cut off, quoted or without its outer brace is still read") {
  for (const std::string_view source :
       {std::string_view("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Roe\",\"given\":[\"Robert\"]}],\"birthDate\":\"1961-04-12\",\"addr"),
        std::string_view("> {\n>   \"resourceType\": \"Patient\",\n>   \"name\": [\n>     {\"family\": \"Roe\",\n>      \"given\": [\"Robert\"]}],\n>   \"birthDate\": \"1961-04-12\"\n> }\n"),
        std::string_view("look: \"resourceType\": \"Patient\", \"name\": [{\"family\": \"Roe\", \"given\": [\"Robert\"]}], \"birthDate\": \"1961-04-12\" and that is it\n")}) {
    const auto found = read("fhir", plain(source));
    INFO(found.values);
    CHECK(found.records == 1);
    CHECK(found.has("1 identity name Roe"));
    CHECK(found.has("1 identity date_of_birth 1961-04-12"));
  }
}

TEST_CASE("FHIR definitions, practitioners and schemas are nobody's health") {
  for (const std::string_view source :
       {std::string_view("{\"resourceType\":\"Practitioner\",\"name\":[{\"family\":\"Lee\",\"given\":[\"Ann\"]}],\"identifier\":[{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"1234567893\"}]}"),
        std::string_view("{\"resourceType\":\"ValueSet\",\"name\":\"Diabetes\",\"compose\":{\"include\":[{\"concept\":[{\"code\":\"E11.9\",\"display\":\"Type 2 diabetes\"}]}]}}"),
        std::string_view("{\"properties\":{\"resourceType\":{\"type\":\"string\"},\"birthDate\":{\"type\":\"string\"}}}"),
        std::string_view("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"{{last}}\",\"given\":[\"{{first}}\"]}]}")}) {
    const auto found = read("fhir", plain(source));
    INFO(found.values);
    CHECK(found.all.empty());
  }
}

// ---- C-CDA -------------------------------------------------------------------------------------------------------------

TEST_CASE("a C-CDA document gives its patient and what its sections list") {
  const auto found = read("ccda", plain("<?xml version=\"1.0\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\">\n  <recordTarget><patientRole>\n    <id root=\"2.16.840.1.113883.19.5\" extension=\"MH0094411\"/>\n"
                                        "    <addr use=\"HP\"><streetAddressLine>5 Heron Way</streetAddressLine><city>Millbrook</city><postalCode>43998</postalCode></addr>\n    <telecom use=\"MC\" value=\"tel:+1-202-555-0126\"/>\n"
                                        "    <patient><name><given>Philippa</given><family>Okoro</family></name>\n      <birthTime value=\"19711221\"/></patient>\n  </patientRole></recordTarget>\n"
                                        "  <author><assignedAuthor><assignedPerson><name><given>Ann</given><family>Lee</family></name></assignedPerson></assignedAuthor></author>\n"
                                        "  <component><section><code code=\"11450-4\" displayName=\"Problem list\"/><title>Problems</title>\n    <text><list><item>Systemic lupus erythematosus</item></list></text>\n"
                                        "    <entry><observation><value code=\"M32.14\" codeSystem=\"2.16.840.1.113883.6.90\" displayName=\"Lupus nephritis\"/></observation></entry>\n  </section></component>\n</ClinicalDocument>\n"));
  INFO(found.values);
  CHECK(found.records == 1);
  CHECK(found.clinical);
  CHECK(found.has("1 identity mrn MH0094411"));
  CHECK(found.has("1 identity name Philippa"));
  CHECK(found.has("1 identity name Okoro"));
  CHECK(found.has("1 identity date_of_birth 19711221"));
  CHECK(found.has("1 identity phone +1-202-555-0126"));
  CHECK(found.has("1 identity address 5 Heron Way"));
  CHECK(found.has("1 provider provider_name Lee"));
  CHECK(found.has("1 health diagnosis Systemic lupus erythematosus"));
  CHECK(found.has("1 health diagnosis Lupus nephritis"));
  CHECK(found.has("1 health icd M32.14"));
}

TEST_CASE("talk about C-CDA is not C-CDA") {
  CHECK(read("ccda", plain("The <ClinicalDocument> root must carry a templateId; patientRole may repeat.\n")).all.empty());
  CHECK(read("ccda", plain("Our EHR exports a ClinicalDocument per visit.\n")).all.empty());
}

// ---- tables ------------------------------------------------------------------------------------------------------------

TEST_CASE("a CSV pasted into a mail is one person a row") {
  const auto found = table("Mel, sheet won't attach so here:\n\nMRN,Last,First,DOB,Dx,A1c\n300112,Abara,Ifeoma,1959-04-04,E11.65,10.2\n300178,Brandvold,Tor,1963-08-21,E11.65,9.7\n\nCan you match these?\n");
  INFO(found.values);
  CHECK(found.records == 2);
  CHECK(found.clinical);
  CHECK(found.values == "1 identity mrn 300112\n1 identity name Abara\n1 identity name Ifeoma\n1 identity date_of_birth 1959-04-04\n1 health icd E11.65\n1 health lab 10.2\n"
                        "2 identity mrn 300178\n2 identity name Brandvold\n2 identity name Tor\n2 identity date_of_birth 1963-08-21\n2 health icd E11.65\n2 health lab 9.7\n");
}

TEST_CASE("every usual separator makes a table") {
  for (const std::string_view source :
       {std::string_view("Patient Name;DOB;Diagnosis\nRobert Roe;04/12/1961;diabetes\nJane Doe;1/2/1970;asthma\n"), std::string_view("Patient Name\tDOB\tDiagnosis\nRobert Roe\t04/12/1961\tdiabetes\nJane Doe\t1/2/1970\tasthma\n"),
        std::string_view("| Patient Name | DOB | Diagnosis |\n|---|:--:|---|\n| Robert Roe | 04/12/1961 | diabetes |\n| Jane Doe | 1/2/1970 | asthma |\n"),
        std::string_view("Patient Name   DOB         Diagnosis\n----------------------------------\nRobert Roe     04/12/1961  diabetes\nJane Doe       1/2/1970    asthma\n"),
        std::string_view("> \"Patient Name\",\"DOB\",\"Diagnosis\"\n> \"Robert Roe\",\"04/12/1961\",\"diabetes\"\n> \"Jane Doe\",\"1/2/1970\",\"asthma\"\n")}) {
    const auto found = table(source);
    INFO(found.values);
    CHECK(found.records == 2);
    CHECK(found.clinical);
    CHECK(found.has("1 identity name Robert Roe"));
    CHECK(found.has("1 identity date_of_birth 04/12/1961"));
    CHECK(found.has("2 health diagnosis asthma"));
  }
}

TEST_CASE("an HTML table is read by its cells, Word paragraphs and line breaks inside them too") {
  const auto found = read("table", html("<table><tr><td><p>Patient</p></td><td><p>DOB</p></td><td>Cell</td><td>Last mammo</td></tr><tr><td><p>Vesna Kralj</p></td><td>1962-10-01</td><td>202-555-0122</td>"
                                        "<td>2023, BI-RADS 3</td></tr><tr><td>Doreen<br>Amankwah</td><td>1970-05-14</td><td>202-555-0145</td><td>never</td></tr></table>"));
  INFO(found.values);
  CHECK(found.records == 2);
  CHECK(found.clinical);
  CHECK(found.has("1 identity name Vesna Kralj"));
  CHECK(found.has("1 health lab 2023, BI-RADS 3"));
  CHECK(found.has("2 identity date_of_birth 1970-05-14"));
}

TEST_CASE("quoted cells may hold separators, quotes and line ends") {
  const auto found = table("Patient,DOB,\"Reason for Visit\",Provider\n\"Doe, Jane\",1/2/1970,\"cough, \"\"wet\"\"\nand fever\",\"Lee, Ann\"\n");
  INFO(found.values);
  CHECK(found.records == 1);
  CHECK(found.has("1 identity name Doe, Jane"));
  CHECK(found.has("1 provider provider_name Lee, Ann"));
  CHECK(found.values.find("1 health diagnosis cough") != std::string::npos);
}

TEST_CASE("a name written last, first without quotes does not move the other columns") {
  const auto found = table("Patient,DOB,Dx\nDoe, Jane,1/2/1970,asthma\n");
  INFO(found.values);
  CHECK(found.has("1 identity name Doe, Jane"));
  CHECK(found.has("1 health diagnosis asthma"));
}

TEST_CASE("column names are found in Spanish, in code style and with notes behind") {
  const auto found = table("Paciente;Fecha de nacimiento;Diagnóstico;Teléfono\nJuana Roe;12/04/1961;diabetes;202-555-0143\n");
  INFO(found.values);
  CHECK(found.has("1 identity name Juana Roe"));
  CHECK(found.has("1 identity date_of_birth 12/04/1961"));
  CHECK(found.has("1 health diagnosis diabetes"));
  const auto code = table("patient_last,PatientFirstName,D.O.B. (mm/dd/yyyy),MRN #,ICD-10\nRoe,Robert,04/12/1961,00412345,E11.9\n");
  INFO(code.values);
  CHECK(code.values == "1 identity name Roe\n1 identity name Robert\n1 identity date_of_birth 04/12/1961\n1 identity mrn 00412345\n1 health icd E11.9\n");
}

TEST_CASE("empty, placeholder and sample rows do not count") {
  const auto found = table("Patient,DOB,MRN,Dx\n,,,\n____,____,____,____\nN/A,N/A,N/A,N/A\n{{name}},{{dob}},{{mrn}},{{dx}}\nSample Patient,1/1/2000,123456,sample dx\n");
  INFO(found.values);
  CHECK(found.all.empty());
}

TEST_CASE("a second diagnosis below a person is the same person's") {
  const auto found = table("Patient\tDOB\tDx\nRobert Roe\t04/12/1961\tE11.9\n\t\tI10\nJane Doe\t1/2/1970\tJ45.901\n");
  INFO(found.values);
  CHECK(found.records == 2);
  CHECK(found.has("1 health icd I10"));
}

TEST_CASE("a name and a value a row is a table too") {
  const auto csv = table("key,value\nMRN,00412345\nPatient Name,Robert Roe\nDOB,04/12/1961\nDiagnosis,diabetes\n");
  INFO(csv.values);
  CHECK(csv.records == 1);
  CHECK(csv.clinical);
  CHECK(csv.has("1 identity mrn 00412345"));
  CHECK(csv.has("1 health diagnosis diabetes"));
  const auto cells = read("table", html("<h2>After Visit Summary</h2><table><tr><td>Patient</td><td>Nora Bentley</td></tr><tr><td>Birth date</td><td>Feb 29, 1984</td></tr></table>"));
  INFO(cells.values);
  CHECK(cells.has("1 identity name Nora Bentley"));
  CHECK(cells.has("1 identity date_of_birth Feb 29, 1984"));
}

TEST_CASE("demographics without a health column are people but not clinical") {
  const auto found = table("First,Last,Street Address,Zip\nRobert,Roe,5 Heron Way,43998\n");
  INFO(found.values);
  CHECK(found.records == 1);
  CHECK_FALSE(found.clinical);
  CHECK(table("Acct,Last,First,DOB,Balance,Last DOS,Dx\n20117,Whittle,Joan,1950-02-11,412.00,2026-06-30,I10\n").clinical);
}

TEST_CASE("a list of results without a person is health of nobody in particular") {
  const auto found = table("Test\tResult\tUnits\tReference Range\nGlucose\t287\tmg/dL\t70-99\nCreatinine\t1.9\tmg/dL\t0.5-1.1\n");
  INFO(found.values);
  CHECK(found.records == 0);
  CHECK(found.clinical);
  CHECK(found.has("0 health lab Glucose"));
}

TEST_CASE("JSON with column names as keys is a table") {
  const auto found = table("{\"patients\":[{\"firstName\":\"Robert\",\"lastName\":\"Roe\",\"dob\":\"1961-04-12\",\"mrn\":\"00412345\",\"diagnosis\":\"diabetes\"},\n"
                           "{\"firstName\":\"Jane\",\"lastName\":\"Doe\",\"dob\":\"1970-01-02\",\"mrn\":\"00412399\",\"medications\":[{\"name\":\"metformin 500 mg\"}]}]}");
  INFO(found.values);
  CHECK(found.records == 2);
  CHECK(found.clinical);
  CHECK(found.has("1 identity name Roe"));
  CHECK(found.has("1 health diagnosis diabetes"));
  CHECK(found.has("2 health medication metformin 500 mg"));
  const auto nested = table("{\"patient\": {\"name\": \"Robert Roe\", \"ssn\": \"078-05-1120\"},\n \"provider\": {\"name\": \"Ann Lee\"},\n \"reason\": \"chest pain\"}");
  INFO(nested.values);
  CHECK(nested.records == 1);
  CHECK(nested.has("1 identity ssn 078-05-1120"));
  CHECK(nested.has("1 provider provider_name Ann Lee"));
  CHECK(nested.has("1 health diagnosis chest pain"));
}

TEST_CASE("things that look like tables of patients and are not") {
  for (const std::string_view source : {
           std::string_view("CPT,Description,Fee\n99213,Office visit,92.00\n99214,Office visit long,131.00\n"),
           std::string_view("ICD-10,Description\nE11.9,Type 2 diabetes\nI10,Hypertension\n"),
           std::string_view("Code\tName\tDiagnosis\nE11.9\tType two diabetes\tdiabetes\n"),
           std::string_view("Drug,Name,Tier,Copay\nmetformin,Metformin Hydrochloride,1,$4\n"),
           std::string_view("Employee,Shift,Extension,Department\nRobert Roe,Night,4417,ICU\nJane Doe,Day,4418,ED\n"),
           std::string_view("Name,Title,Phone,Email\nRobert Roe,Office Manager,202-555-0143,r@clinic.example\n"),
           std::string_view("Name\tPhone\tEmail\nRobert Roe\t202-555-0143\tr@mail.test\n"),
           std::string_view("Time | Room | Provider | Procedure\n8:00 | OR 3 | Lee | case 1\n"),
           std::string_view("Please send name, date of birth, and MRN for each.\nThanks, Jane, Front Desk\n"),
           std::string_view("Name, DOB, MRN\nThese are required, always, please.\n"),
           std::string_view("Jane Roe, 123 Main St, Springfield, IL 62999\n"),
           std::string_view("Jane Roe | Front Desk | Main Street Family Practice | (202) 555-0143\n"),
           std::string_view("2026-10-02 10:15:00, INFO, user login, ok\n2026-10-02 10:16:00, WARN, timeout, 30\n"),
           std::string_view("Test,Result,Status\nlogin works,pass,done\nlogout works,fail,open\n"),
           std::string_view("Pet,Species,DOB,Diagnosis\nRex,canine,1/2/2020,rabies\n"),
           std::string_view("Patient: ____\tDOB: ____\tMRN: ____\n"),
           std::string_view("Measure,Numerator,Denominator,Result\nA1c control,41,214,19.2\n"),
           std::string_view("Provider,Patients,Visits,Charges\nAnn Lee,41,214,1920\nTotal,41,214,1920\n"),
           std::string_view("Student Name,Grade,DOB\nRobert Roe,4,1/2/2016\n"),
           std::string_view("{\"name\":\"build\",\"value\":\"3\",\"status\":\"ok\",\"result\":\"pass\"}"),
           std::string_view("{\"name\":\"Jane Doe\",\"email\":\"jane@mail.test\",\"company\":\"Acme\"}"),
           std::string_view("Counterparty,Deal,Price,Volume\nRobert Roe,4417,3.25,10000\n"),
           std::string_view("Invoice,Customer,Amount Due,Balance\n412345,Robert Roe,100.00,100.00\n"),
       }) {
    const auto found = table(source);
    INFO(source);
    INFO(found.values);
    CHECK(found.all.empty());
  }
}

TEST_CASE("ordinary mail holds no structure at all") {
  const auto text = plain("Hi team,\n\nLunch is at noon, bring a chair, a friend, and a smile; we start | on time.\nOld business:  none   today\n\n-- \nJane Roe, RN\n");
  for (const char* reader : readers) CHECK(detect::read_structures(reader, text).empty());
  CHECK(detect::read_structures("unheard of", text).empty());
}

// ---- bounds ------------------------------------------------------------------------------------------------------------

TEST_CASE("rows beyond the limit are counted but not read") {
  std::string source = "MRN,Last,First,DOB\n";
  for (int i = 0; i < 6'000; ++i) source += std::to_string(300'000 + i) + ",Roe,Robert,1961-04-12\n";
  const auto found = table(source);
  CHECK(found.records == 6'000);
  CHECK(found.all.at(0).values.size() == 20'000);
}

TEST_CASE("hostile text costs little") {
  const std::string_view pieces[] = {",", "\t", "\"", "{", "[", "{\"a\":", "|", "*", "<", "PID|", " PID|", "NM1*IL*", "\"a\",", "MRN,DOB\n", "MRN,DOB\nx,y\n", "a,b\n", "ab,cd\n", "  a", "MRN  DOB\n", "<item>",
                                     "<id extension=\"", "\"mrn\":\"1\",", "{\"mrn\":\"412345\",\"patient\":\"Jane Doe\"},", "Patient\tJane Doe\n", "\"resourceType\":\"Patient\",", "\n\n", ">", "MRN,DOB,\"", "MRN,DOB\n\"x", "Name\tDOB\na\t"};
  for (const std::string_view start : {"", "\"resourceType\" ", "<ClinicalDocument ><patientRole><section><code code='1'>", "NM1*IL*1*ROE*ROBERT~", "MRN,DOB,Name\n"}) {
    for (const std::string_view piece : pieces) {
      text::Text text;
      text.norm = start;
      while (text.norm.size() < 250'000) text.norm += piece;
      for (const char* reader : readers) {
        const auto began = std::clock();
        (void)detect::read_structures(reader, text);
        const double ms = 1000.0 * static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
        INFO(reader << " on " << std::string(start) << " + " << std::string(piece) << ": " << ms << " ms");
        CHECK(ms < 400);  // a wide margin for instrumented builds; quadratic work takes minutes
      }
    }
  }
}
