#include "engine/evaluation/cloze_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace realm {
namespace {

using nlohmann::json;

[[noreturn]] void reject(const std::filesystem::path& file, int64_t line, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, fmt::format("{}, line {}: {}", file.string(), line, what));
}

class RowReader {
 public:
  RowReader(const std::filesystem::path& file, int64_t line) : file_(file), line_(line) {}

  // The text under `key`; nullopt when it is absent or null.
  std::optional<std::string> text(const json& object, const char* key) const {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return std::nullopt;
    if (!found->is_string())
      reject(file_, line_, fmt::format("\"{}\" must be a text, found {}", key, found->type_name()));
    return found->get<std::string>();
  }

  std::string required_text(const json& object, const char* key) const {
    std::optional<std::string> value = text(object, key);
    if (!value || value->empty())
      reject(file_, line_, fmt::format("expected a text under \"{}\", found none", key));
    return *value;
  }

  const json& object(const json& value, const char* what) const {
    if (!value.is_object())
      reject(file_, line_,
             fmt::format("expected {} as an object, found {}", what, value.type_name()));
    return value;
  }

  ClozeItem item(const json& row, const std::string& default_set) const {
    ClozeItem result;
    result.line = line_;
    const std::optional<std::string> question = text(row, "question");
    result.text = question ? *question : required_text(row, "text");
    result.set = text(row, "set").value_or(default_set);
    result.title = text(row, "title");
    if (const auto titles = row.find("titles"); titles != row.end() && titles->is_array()) {
      for (const auto& other : *titles) {
        if (other.is_string()) result.titles.push_back(other.get<std::string>());
      }
    }
    result.old_answer = text(row, "old_answer").value_or("");
    if (const auto add = row.find("add"); add != row.end() && !add->is_null()) {
      if (!add->is_array())
        reject(file_, line_, fmt::format("\"add\" must be a list, found {}", add->type_name()));
      for (const json& passage : *add) {
        object(passage, "a passage of \"add\"");
        Document document;
        document.title = text(passage, "title").value_or("");
        document.text = required_text(passage, "text");
        document.source = text(passage, "source").value_or("");
        result.add.push_back(std::move(document));
      }
    }
    if (const auto edit = row.find("edit"); edit != row.end() && !edit->is_null()) {
      object(*edit, "\"edit\"");
      result.edit = PassageEdit{required_text(*edit, "title"), required_text(*edit, "text")};
    }
    return result;
  }

 private:
  const std::filesystem::path& file_;
  int64_t line_;
};

}  // namespace

std::vector<ClozeItem> read_cloze_file(const std::filesystem::path& file, int64_t limit) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The question file {} is not there or cannot be read.", file.string()));
  }
  std::vector<ClozeItem> items;
  std::string text;
  for (int64_t line = 1; std::getline(stream, text); ++line) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    const json row = json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
    if (row.is_discarded())
      reject(file, line, "expected one JSON object in UTF-8, found something else");
    const RowReader reader(file, line);
    items.push_back(reader.item(reader.object(row, "the row"), file.stem().string()));
    if (limit > 0 && static_cast<int64_t>(items.size()) == limit) break;
  }
  if (items.empty()) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("The question file {} holds no item.", file.string()));
  }
  return items;
}

bool ClozeItem::is_gold(const std::string& candidate) const {
  return candidate == title || std::find(titles.begin(), titles.end(), candidate) != titles.end();
}

}  // namespace realm
