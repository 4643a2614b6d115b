// Who is a patient and who is not, by how a mail speaks of them: each way of writing with its innocent twins.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "rows.hpp"

namespace phiscan::test {
namespace {

void check_all(const std::vector<std::string>& bodies, bool phi) {
  for (const auto& body : bodies) {
    CAPTURE(body);
    const auto found = verdict(no_policy().scan(mail("info@outside.example", "", body)));
    CAPTURE(found);
    CHECK((found.content == "phi") == phi);
  }
}

}  // namespace

TEST_CASE("a sentence that goes on with he, she or the patient is about the one just named") {
  check_all(
      {
          "Do you remember Mr. Abdulrahman from clinic Tuesday? His path is back: adenocarcinoma.",
          "Philippa Grange was here. She is on warfarin now.",
          "La señora Etxeberria llamó: sigue con fiebre después de la operación.",
      },
      true);
  check_all(
      {
          "Philippa Grange was here. The warfarin leaflets are on her desk.",
          "Barnaby Lunt is covering the stroke pager tonight, then Philippa Grange.",
      },
      false);
}

TEST_CASE("who says their own name and then a complaint of their own is a patient, at work or selling they are none") {
  check_all(
      {
          "Hi, Bea Nakamura here - my incision is red and leaking yellow stuff, is it infected?",
          "buenos dias soy Juan Carlos Villamizar se me acabo la losartan, me pueden mandar la receta?",
          "My name is Quetzalli Brandvik and I was admitted to Saint Dymphna Hospital with pneumonia.",
      },
      true);
  check_all(
      {
          "My name is Carla Weston and I sell infusion pumps. Our pumps give insulin and heparin safely in any hospital.",
          "Karen Doyle from billing is out sick; call Kofi for claims.",
      },
      false);
}

TEST_CASE("names that no list knows count by how they stand") {
  check_all(
      {
          "The order for Calliope Quick-Danjuma (7th gr) says Diastat 12.5. She seized 6 min last Tuesday.",
          "Blessing Okwuosa is allergic to penicillin; room 12.",
          "Trough 31 on OBERHOLTZER J bed 5-2204, SCr from 0.9 to 1.7. Holding tonight's vancomycin.",
          "DUQUESNOY,ARMEL   560-40-78-5\nGroin abscess, insulin dependent diabetes.",
          "we had rawiri parata in, he is a 56 yo. rawiri parata complains of fatigue and fever after dialysis",
          "Name: yevgenia tupolska\nMeds: metformin 850 bid, atenolol 50\nAdmitted for cath.",
          "We cancelled Bjornstad this morning. Glucose 412, and has new afib with RVR at 140.",
          "Seen today: Wanjiru, 6 y, wheeze since Friday. Salbutamol x3, sats 93.",
      },
      true);
  check_all(
      {
          "Johnson-Controls sent the quote for the new boiler.",
          "Guillain-Barre syndrome and Charcot-Marie-Tooth disease are rare nerve disorders.",
          "Delivered Thermofisher kits to the lab; cancelled Verizon today. The heart monitor demo is at 3.",
          "Winston-Salem and Wilkes-Barre offices get flu shots on Friday.",
      },
      false);
}

TEST_CASE("a chart number beside a finding points to one patient") {
  check_all(
      {
          "Patient 00482913: two tubular adenomas, repeat colonoscopy in 3 years.",
          "chart AO-55120: colonoscopy clean, diverticulitis settled, call him on 404-555-0156",
      },
      true);
  check_all(
      {
          "Patient 12 is next for the colonoscopy room.",
          "Invoice 00482913: two colonoscopes, repaired.",
      },
      false);
}

TEST_CASE("health words of things, trades and occasions are nobody's") {
  check_all(
      {
          "Interview notes: Casimir Nowicki has diabetes and needs insulin.",
      },
      true);
  check_all(
      {
          "Our new diabetes educator, Jacinta Mulcahy, starts Monday.",
          "Interview Tuesday with Casimir Nowicki for the MRI tech job.",
          "Solange Dufresne's talk on mammogram access is on YouTube.",
          "Invoice for Caldwell Imaging: MRI coil repair, attention Pauline Strickland.",
          "Please order 60 tabs lithium 300 mg for stock. Thanks, Bart Quince",
      },
      false);
}

TEST_CASE("whom to call is no patient") {
  check_all(
      {
          "Please call Tobias Wren, 555-0177: his biopsy showed melanoma.",
      },
      true);
  check_all(
      {
          "Five patients started osimertinib, 14 had lung cancer. For the list ask Tobias Wren, 555-0177.",
          "The plan covers maternity and diabetes. Enrollment forms go to Tobias Wren, 555-0177.",
      },
      false);
}

TEST_CASE("what notes say of symptoms and stays is a fact") {
  check_all(
      {
          "Taylor Eklund reports no fever and pain 2/10.",
          "Everett Lovelace was taken to Mercy with a stroke at 7:40.",
          "Wheelchair van for Osric Pennyfeather, 8 Dunmore Close, to dialysis at 6 am please.",
          "Yuki Shimizu, 70, reports calf discomfort after walking, relieved by rest.",
      },
      true);
  check_all(
      {
          "Ms. Hargrove reports that sales of flu tests rose 12 percent.",
          "It was a stroke of luck that Everett Lovelace had the keys.",
      },
      false);
}

TEST_CASE("one person named, and words about what the patient does") {
  check_all(
      {
          "Hector Villanueva dresses while seated. We arranged the items at the side of the chair. The patient completed the sequence with less leaning.",
      },
      true);
  check_all(
      {
          "Hector Villanueva set up the patient portal. The patient portal asks for a password twice.",
      },
      false);
}

TEST_CASE("who leads, writes or answers is no patient, and whoever is listed with them") {
  check_all(
      {
          "Engineer Tobias Wren has epilepsy and must not drive.",
          "Coach, Lena Vogt must not run: the MRI shows a stress fracture of her tibia.",
          "Kayleigh Sutter (15) was found with cuts to the left forearm. She stopped her fluoxetine. We have cleaned them and told her social worker.",
          "Dear Dr. Wren, Lena Vogt has a torn meniscus and needs surgery.",
          "Photos from today for Mr. Vogt: venous ulcer of the left leg, 4.8 x 3.2 cm.",
      },
      true);
  check_all(
      {
          "New protocol for chest pain: aspirin first. Trainer: Tobias Wren.",
          "Norovirus checklist: stop diuretics and lisinopril. Infection nurses: Pauline Etheridge, Tobias Wren.",
          "Depression in the elderly, day 2. Workshops led by Pauline Etheridge and Tobias Wren.",
          "Notes on PrEP and HIV by Pauline Etheridge & Tobias Wren.",
          "Grapefruit knocks out simvastatin, as Tobias Wren's group showed.",
          "Pauline Etheridge wrote the chapter on migraine.",
          "Urate lowering in gout: a trial\n\nF. Okonedo, S. Lindahl, P. R. Garibaldi, M. Tsukamoto\n\nFlares are common with allopurinol.",
          "Erb's palsy: which nerve roots are injured?",
          "Striker Tobias Wren tore his hamstring in the first half, the club said.",
      },
      false);
}

TEST_CASE("what everyday words say of somebody's health is a fact") {
  check_all(
      {
          "Maria Lopez was fitted with a pacemaker last week.",
          "Maria Lopez can't keep any food down.",
          "Maria Lopez takes a blood thinner.",
          "Maria Lopez is signed off with back pain until Friday.",
          "Maria Lopez is expecting twins in May.",
          "Maria Lopez sees a psychiatrist every month.",
          "Maria Lopez tore her ACL on Saturday.",
          "Maria Lopez is registered blind.",
          "Maria Lopez called. Pneumonia again, she needs a note for work.",
          "Nkechi Obiageli has coeliac disease.",
          "Candidate Maria Lopez asked for a quiet room since she has ADHD.",
          "Rose Green has pneumonia.",
      },
      true);
  check_all(
      {
          "Maria Lopez is expecting a parcel in May.",
          "Maria Lopez signed off the budget with the bank.",
          "Maria Lopez sees a lawyer every month.",
          "Maria Lopez tore her contract up.",
          "Rose Green, our new shade of paint, goes with oxygen white.",
          "Maria Lopez can't keep the printer running.",
          "Wash the bite and get the rabies vaccine. Travel nurse: Maria Lopez.",
      },
      false);
}

TEST_CASE("a weak word counts once it is said to be somebody's") {
  check_all(
      {
          "Could someone check Maria Lopez's blood sugar before lunch?",
          "Maria Lopez asked whether her ozempic came in.",
          "I saw Maria Lopez for her migraine on Tuesday.",
          "Maria Lopez is waiting for a kidney transplant.",
          "Maria Lopez's dialysis moved to Tuesdays.",
          "Maria Lopez can't lift boxes because of his back.",
          "Maria Lopez, 81, of Elm Street, refuses amputation of the foot.",
          "Maria Lopez is anemic.",
      },
      true);
  check_all(
      {
          "Maria Lopez sent the blood sugar meters to the warehouse.",
          "Maria Lopez asked whether her invoice came in.",
          "Maria Lopez's maternity leave ends in May.",
          "Maria Lopez has been promoted to head of dialysis.",
          "Maria Lopez is positive about the merger.",
          "Maria Lopez, the auditor, is hosting a webinar on opioid prescribing.",
      },
      false);
}

TEST_CASE("a short note of care is about whoever it names, a roster about nobody") {
  const auto content = [](const std::string& body) { return verdict(no_policy().scan(mail("nurses@northhosp.example", "note", body))).content; };
  CHECK(content("Ms. Maria Lopez: spotting on the new pill, wants off. booked Fri") == "phi");
  CHECK(content("Maria Lopez, swelling since this morning, on bisphosphonates") == "phi");
  CHECK(content("Maria Lopez will bring the spotting scopes on Friday") != "phi");
  CHECK(content("Mon Tue Wed\nMaria Lopez OR Vaccine\nPeter Hahn Vaccine OR\nAna Ruiz Triage Vaccine\nTobias Wren Lab Vaccine") != "phi");
}

TEST_CASE("numbers, mailboxes and display names point to the one case") {
  const auto content = [](std::string_view from, std::string_view name, const std::string& body) {
    Json request = mail("info@outside.example", "note", body);
    request["from"] = address(from);
    if (!name.empty()) request["to"] = Json::array({address("zdenka@outside.example", name)});
    return verdict(no_policy().scan(request)).content;
  };
  constexpr std::string_view clinic = "nurses@lakeside-clinic.example";
  CHECK(content(clinic, "", "Can you look at chart 017007-23? AFib, rate 141, needs apixaban.") == "phi");
  CHECK(content(clinic, "", "Can you look at chart 12? The printer prints it blank.") != "phi");
  CHECK(content(clinic, "", "Please call (337) 555-0103 first. She is followed by a gynecologist. She takes albuterol twice a day for asthma and complains of chest pain.") == "phi");
  CHECK(content(clinic, "", "Asthma and pneumonia clinic, call (337) 555-0103, fax (337) 555-0104. She stays open until five.") != "phi");
  CHECK(content(clinic, "Zdenka Kovalchuk", "Your ALT of 245 U/L needs another look. Come on Tuesday.") == "phi");
  CHECK(content("sales@labware.example", "Zdenka Kovalchuk", "Your ALT reagent order ships on Tuesday.") != "phi");
}

TEST_CASE("somebody's report, specialist or bill for care") {
  check_all(
      {
          "Please find the referral for Maria Lopez enclosed.",
          "Immunization records for Maria Lopez were sent to the school.",
          "Maria Lopez has an appointment with the oncologist on Tuesday.",
          "Maria Lopez owes $340 for the emergency room visit.",
          "Maria Lopez had surgery on March 3.",
          "Maria Lopez gave birth on Sunday.",
      },
      true);
  check_all(
      {
          "Please find the invoice for Maria Lopez enclosed.",
          "Maria Lopez has a question about the loan on Tuesday.",
          "Maria Lopez owes $340 for the hotel stay.",
          "Maria Lopez is the new head of oncology.",
          "Maria Lopez has resigned from the asthma task force.",
          "The evening is with Maria Lopez, stroke nurse: migraine, brain fog and you.",
      },
      false);
}

TEST_CASE("a name, and a sentence that begins with \"it\": no department") {
  check_all({"Gemma Osei, it has been two weeks since your asthma attack. Your albuterol is ready."}, true);
}

TEST_CASE("who stands at the end of a text about nobody wrote it or may be asked") {
  check_all({"Laryngoscopy: left cord palsy. Injection done, voice better. She needs speech therapy soon: Telemachus Brill."}, true);
  check_all(
      {
          "A false high reading can make people with diabetes take too much insulin. Stop selling the strips.\n\nTelemachus Brill\nQuality",
          "Check for infection and obstruction. Loperamide 4 mg before meals, then codeine.\n\nAna Ruiz and Ben Carver, nurse specialists",
          "Everyone with breast cancer should be offered the test. Counselor on call: Ana Ruiz",
          "Call about asthma: Ana Ruiz, it, or Lu Chen, Peter Hahn and Ben Carver, nurses.",
      },
      false);
}

TEST_CASE("surnames that no list knows, eponyms and words") {
  check_all(
      {
          "J. Pettibone has stage 4 pancreatic cancer.",
          "Walt Amsler has pneumonia.",
          "Grace Stone lost the baby at eleven weeks.",
          "My aunt Samira starts chemo on the 9th.",
      },
      true);
  check_all(
      {
          "Sweep in a U. Skip it if you have herpes.",
          "Thanks to A. Poole and R. Pettibone for the talk on cellulitis.",
          "The Amsler grid finds macular degeneration.",
          "Stone Hill of pneumonia fame.",
      },
      false);
}

TEST_CASE("\"off\" is no discount and a scenario no sample") {
  check_all(
      {
          "Lena Vogt is signed off with a herniated disc until Monday.",
          "In this scenario Lena Vogt keeps the insulin pump.",
      },
      true);
}

TEST_CASE("a name right behind a comma at the very start of a mail is read") {
  check_all({", Ana Ruiz has asthma and takes albuterol."}, true);
}

TEST_CASE("a greeting that names the mailbox names the reader") {
  const std::string told = "Orlando, the lab is short so we need to draw your viral load at 2 not 11.";
  CHECK(verdict(no_policy().scan(mail("orlando.pz@mailhaven.example", "can you come at 2", told))).content == "phi");
  CHECK(verdict(no_policy().scan(mail("front.desk@mailhaven.example", "can you come at 2", told))).content != "phi");
}

}  // namespace phiscan::test
