#include "app/view/settings.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

namespace realm::view {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxRecent = 10;
constexpr size_t kMaxRemembered = 200;

Json parse_object(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json::object();
}

template <typename T>
T value_or(const Json& json, const char* key, T otherwise) {
  const auto found = json.find(key);
  if (found == json.end()) return otherwise;
  if constexpr (std::is_same_v<T, bool>) {
    return found->is_boolean() ? found->get<bool>() : otherwise;
  } else if constexpr (std::is_arithmetic_v<T>) {
    if (!found->is_number()) return otherwise;
    const auto number = found->get<double>();
    return std::isfinite(number) && std::abs(number) < 1e9 ? static_cast<T>(number) : otherwise;
  } else {
    return found->is_string() ? found->get<T>() : otherwise;
  }
}

std::vector<std::string> strings(const Json& json, const char* key) {
  std::vector<std::string> out;
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array()) return out;
  for (const Json& item : *found) {
    if (item.is_string() && out.size() < kMaxRemembered) out.push_back(item.get<std::string>());
  }
  return out;
}

float share(const Json& json, const char* key, float otherwise) {
  return std::clamp(value_or(json, key, otherwise), 0.08F, 0.84F);
}

// Replaces what is not valid UTF-8, which JSON cannot hold.
std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string_view tab_name(Tab tab) {
  return tab == Tab::kAsk ? "ask" : tab == Tab::kCorpus ? "corpus" : "train";
}

std::optional<Tab> tab_named(std::string_view name) {
  if (name == "ask" || name == "Ask") return Tab::kAsk;
  if (name == "corpus" || name == "Corpus") return Tab::kCorpus;
  if (name == "train" || name == "Train") return Tab::kTrain;
  return std::nullopt;
}

std::string to_json(const Preferences& preferences) {
  return dump(Json{{"theme", preferences.theme == ThemeKind::kDark ? "dark" : "light"},
                   {"scale", preferences.scale},
                   {"logarithmic_bars", preferences.logarithmic_bars},
                   {"predict_on_hide", preferences.predict_on_hide},
                   {"shows_pieces", preferences.shows_pieces}});
}

Preferences preferences_from_json(std::string_view text) {
  const Json json = parse_object(text);
  Preferences preferences;
  preferences.theme = value_or<std::string>(json, "theme", "light") == "dark" ? ThemeKind::kDark
                                                                              : ThemeKind::kLight;
  preferences.scale = std::clamp(value_or(json, "scale", preferences.scale), kMinScale, kMaxScale);
  preferences.logarithmic_bars = value_or(json, "logarithmic_bars", preferences.logarithmic_bars);
  preferences.predict_on_hide = value_or(json, "predict_on_hide", preferences.predict_on_hide);
  preferences.shows_pieces = value_or(json, "shows_pieces", preferences.shows_pieces);
  return preferences;
}

std::string to_json(const Memory& memory) {
  return dump(Json{{"workspace", memory.workspace},
                   {"recent", memory.recent},
                   {"tab", tab_name(memory.tab)},
                   {"sentence", memory.sentence},
                   {"candidates", memory.candidates},
                   {"words", memory.words},
                   {"exact_sum", memory.exact_sum},
                   {"watch", memory.watch},
                   {"history", memory.history},
                   {"panes",
                    {{"words", memory.panes.words},
                     {"passages", memory.panes.passages},
                     {"corpus_table", memory.panes.corpus_table},
                     {"text_column", memory.panes.text_column},
                     {"words_column", memory.panes.words_column},
                     {"source_column", memory.panes.source_column}}},
                   {"draft",
                    {{"workspace", memory.draft.workspace},
                     {"id", memory.draft.id},
                     {"title", memory.draft.title},
                     {"text", memory.draft.text}}},
                   {"window",
                    {{"width", memory.window.width},
                     {"height", memory.window.height},
                     {"maximized", memory.window.maximized}}}});
}

Memory memory_from_json(std::string_view text) {
  const Json json = parse_object(text);
  Memory memory;
  memory.workspace = value_or<std::string>(json, "workspace", {});
  memory.recent = strings(json, "recent");
  if (memory.recent.size() > kMaxRecent) memory.recent.resize(kMaxRecent);
  memory.tab = tab_named(value_or<std::string>(json, "tab", "ask")).value_or(Tab::kAsk);
  memory.sentence = value_or<std::string>(json, "sentence", {});
  memory.candidates = std::clamp(value_or(json, "candidates", memory.candidates), 1, 1000);
  memory.words = std::clamp(value_or(json, "words", memory.words), 1, 1000);
  memory.exact_sum = value_or(json, "exact_sum", memory.exact_sum);
  memory.watch = strings(json, "watch");
  memory.history = strings(json, "history");
  const Json panes = json.contains("panes") ? json["panes"] : Json::object();
  if (panes.is_object()) {
    memory.panes.words = share(panes, "words", memory.panes.words);
    memory.panes.passages = share(panes, "passages", memory.panes.passages);
    memory.panes.corpus_table = share(panes, "corpus_table", memory.panes.corpus_table);
    if (memory.panes.words + memory.panes.passages > 0.9F) memory.panes = PaneLayout{};
    memory.panes.text_column = value_or(panes, "text_column", true);
    memory.panes.words_column = value_or(panes, "words_column", true);
    memory.panes.source_column = value_or(panes, "source_column", true);
  }
  const Json draft = json.contains("draft") ? json["draft"] : Json::object();
  if (draft.is_object()) {
    memory.draft.workspace = value_or<std::string>(draft, "workspace", {});
    memory.draft.id = value_or<int64_t>(draft, "id", 0);
    memory.draft.title = value_or<std::string>(draft, "title", {});
    memory.draft.text = value_or<std::string>(draft, "text", {});
  }
  const Json window = json.contains("window") ? json["window"] : Json::object();
  if (window.is_object()) {
    memory.window.width = std::clamp(value_or(window, "width", memory.window.width), 640, 16384);
    memory.window.height = std::clamp(value_or(window, "height", memory.window.height), 400, 16384);
    memory.window.maximized = value_or(window, "maximized", false);
  }
  return memory;
}

void remember_workspace(Memory& memory, const std::string& folder) {
  memory.workspace = folder;
  std::erase(memory.recent, folder);
  memory.recent.insert(memory.recent.begin(), folder);
  if (memory.recent.size() > kMaxRecent) memory.recent.resize(kMaxRecent);
}

UserFolders user_folders(const std::function<const char*(const char*)>& environment) {
  const auto get = [&](const char* name) -> std::filesystem::path {
    const char* value = environment(name);
    return value == nullptr ? "" : value;
  };
  const std::filesystem::path home = get("HOME").empty() ? std::filesystem::path("/") : get("HOME");
  const auto base = [&](const char* name, const char* otherwise) {
    const std::filesystem::path given = get(name);
    return (given.is_absolute() ? given : home / otherwise) / "realm-workbench";
  };
  return {.config = base("XDG_CONFIG_HOME", ".config"),
          .data = base("XDG_DATA_HOME", ".local/share"),
          .state = base("XDG_STATE_HOME", ".local/state"),
          .cache = base("XDG_CACHE_HOME", ".cache"),
          .home = home};
}

std::optional<std::string> load_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stream.bad()) return std::nullopt;
  return text;
}

}  // namespace realm::view
