// Names: reads a person's name out of running text, without a model - word shapes, the pack's name lists and what stands around.
// The name_* validators are thin wrappers over read_name(). Called by validators.cpp's table only.
#pragma once

#include "detect/validators.hpp"

namespace phiscan::detect {

bool name_labelled(Check& check);    // after "Patient:", "Name:", "RE:": first words of the value that are a name
bool name_lower(Check& check);       // two words in lower case before a verb of a note
bool name_subject(Check& check);     // the whole subject is a name
bool name_in_room(Check& check);     // behind a room number: surname and initial
bool drug_word(Check& check);        // a drug of the list
bool name_after_word(Check& check);  // after "patient", "my son": capitalised, no colon
bool name_title(Check& check);       // after Mr. Mrs. Ms. Sra.
bool name_of_person(Check& check); // after "my son", "patient": words that no list knows, too
bool name_greeted(Check& check);     // "Hi Bukola,": a word that no list knows, greeted
bool name_possessive(Check& check);  // "Zielonka-Hart's gabapentin"
bool name_open(Check& check);        // a capitalised pair that no list knows
bool name_full(Check& check);        // begins at a given name: given + surname
bool name_last_first(Check& check);  // begins at a surname: "Doe, Jane Q"
bool name_syntax(Check& check);      // a capitalised pair in a clinical sentence ("... is a 45-year-old")
bool name_single(Check& check);      // a lone given name, capitalised
bool name_provider(Check& check);    // after Dr., or before a credential
bool name_initials(Check& check);    // J.D., JD
bool name_file(Check& check);        // Doe_Jane in a file name
bool name_before_date(Check& check); // a sure surname, then a date
bool name_caret(Check& check);  // words of an interface feed, joined by a caret
bool name_initials_born(Check& check);  // initials before a birth date; no degree behind a name
bool name_near_fact(Check& check);   // in the sentence of a health term, a name that no list knows
bool name_line(Check& check);        // a surname that heads a line, then a health term
bool name_initials_date(Check& check); // J.R. 4/12/61
bool name_born(Check& check);        // a given name and what stands before "dob"
bool dob_behind_name(Check& check);  // a past date right behind a sure name
bool health_word(Check& check);      // a health term within the next four words
bool name_initial_surname(Check& check); // J. Ostrander
bool name_with_date(Check& check);   // a capitalised pair, then a date
bool abbreviation(Check& check);     // a short term that counts only in capitals

}  // namespace phiscan::detect
