// File names: whether the name of an attachment says that it is clinical, when its content could not be read. Pure; knows no message.
#pragma once

#include <string_view>

namespace phiscan::decide {

// `is_clinic`: the organisation is a clinic or hospital, so words that business mail shares ("chart", "claim") count alone.
// Elsewhere two words are needed ("lab results"). Words are split at anything but letters and digits, and where small letters meet capitals.
[[nodiscard]] bool is_clinical_name(std::string_view file_name, bool is_clinic);

}  // namespace phiscan::decide
