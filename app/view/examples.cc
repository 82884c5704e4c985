#include "app/view/examples.h"

#include <nlohmann/json.hpp>

#include "app/view/sentence.h"
#include "app/view/utf8.h"
#include "engine/base/error.h"

namespace realm::view {
namespace {

std::string text_of(const nlohmann::json& row, const char* key) {
  const auto found = row.find(key);
  if (found == row.end() || !found->is_string()) return {};
  return clean_input(found->get_ref<const std::string&>(), /*keep_newlines=*/false);
}

}  // namespace

std::vector<Example> parse_examples(std::string_view json) {
  const nlohmann::json rows = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!rows.is_array()) {
    throw Error(ErrorCode::kCorruptData,
                "examples.json should be a JSON array of objects with title, text and note, and it "
                "is not.");
  }
  std::vector<Example> examples;
  for (const nlohmann::json& row : rows) {
    if (!row.is_object()) continue;
    Example example{
        .title = text_of(row, "title"), .text = text_of(row, "text"), .note = text_of(row, "note")};
    if (!hides_something(example.text)) continue;
    if (example.title.empty()) example.title = shorten(plain_text(example.text), 40);
    examples.push_back(std::move(example));
  }
  return examples;
}

}  // namespace realm::view
