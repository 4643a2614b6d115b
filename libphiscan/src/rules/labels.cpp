#include "rules/labels.hpp"

#include <array>

namespace phiscan {
namespace {

#define PHISCAN_NAME(name) std::string_view(#name),
constexpr std::array kind_names{std::string_view("identity"), std::string_view("provider"), std::string_view("health"),
                                std::string_view("structure"), std::string_view("context")};
constexpr std::array label_names{PHISCAN_LABELS(PHISCAN_NAME)};
static_assert(label_names.size() <= 64, "SetOf<Label> holds them all");
constexpr std::array category_names{PHISCAN_CATEGORIES(PHISCAN_NAME)};
constexpr std::array cue_names{PHISCAN_CUES(PHISCAN_NAME)};
constexpr std::array naming_names{PHISCAN_NAMINGS(PHISCAN_NAME)};
constexpr std::array class_names{PHISCAN_CLASSES(PHISCAN_NAME)};
constexpr std::array risk_names{PHISCAN_RISKS(PHISCAN_NAME)};
#undef PHISCAN_NAME
constexpr std::array content_names{std::string_view("none"), std::string_view("health"), std::string_view("identity"),
                                   std::string_view("phi")};
constexpr std::array action_names{std::string_view("none"),    std::string_view("allow"),   std::string_view("note"),
                                  std::string_view("confirm"), std::string_view("justify"), std::string_view("block")};
constexpr std::array audience_names{std::string_view("own"), std::string_view("partner"), std::string_view("patient"),
                                    std::string_view("outside"), std::string_view("risky")};
constexpr std::array mode_names{std::string_view("monitor"), std::string_view("advise"), std::string_view("enforce")};

template <typename E, std::size_t N>
std::optional<E> find(const std::array<std::string_view, N>& names, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Kind v) { return kind_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(Label v) { return label_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(Category v) { return category_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(Cue v) { return cue_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(Naming v) { return naming_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(RecipientClass v) { return class_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(Risk v) { return risk_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(Content v) { return content_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(Action v) { return action_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(Audience v) { return audience_names[static_cast<std::size_t>(v)]; }
std::string_view to_string(Mode v) { return mode_names[static_cast<std::size_t>(v)]; }

template <> std::optional<Kind> from_string<Kind>(std::string_view t) { return find<Kind>(kind_names, t); }
template <> std::optional<Label> from_string<Label>(std::string_view t) { return find<Label>(label_names, t); }
template <> std::optional<Category> from_string<Category>(std::string_view t) { return find<Category>(category_names, t); }
template <> std::optional<Cue> from_string<Cue>(std::string_view t) { return find<Cue>(cue_names, t); }
template <> std::optional<Naming> from_string<Naming>(std::string_view t) { return find<Naming>(naming_names, t); }
template <> std::optional<RecipientClass> from_string<RecipientClass>(std::string_view t) { return find<RecipientClass>(class_names, t); }
template <> std::optional<Risk> from_string<Risk>(std::string_view t) { return find<Risk>(risk_names, t); }
template <> std::optional<Action> from_string<Action>(std::string_view t) { return find<Action>(action_names, t); }
template <> std::optional<Audience> from_string<Audience>(std::string_view t) { return find<Audience>(audience_names, t); }
template <> std::optional<Mode> from_string<Mode>(std::string_view t) { return find<Mode>(mode_names, t); }

bool is_sensitive(Category category) { return category >= Category::substance_use; }

}  // namespace phiscan
