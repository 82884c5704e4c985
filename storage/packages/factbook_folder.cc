#include "storage/packages/factbook_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "storage/packages/article_text.h"
#include "storage/packages/factbook_sentences.h"
#include "storage/paths.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;  // sections and fields keep their order

std::string read_whole(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream || stream.bad())
    throw Error(ErrorCode::kIo, fmt::format("'{}' cannot be read.", file.string()));
  return content;
}

// "`au` Austria" -> au: Austria
std::map<std::string, std::string> read_names(const fs::path& summary) {
  std::map<std::string, std::string> names;
  if (!is_file(summary)) return names;
  const std::string content = read_whole(summary);
  for (std::string_view line : article::split_lines(content)) {
    line = article::trim(line);
    if (!line.starts_with('`')) continue;
    const size_t end = line.find('`', 1);
    if (end == std::string_view::npos) continue;
    std::string_view name = article::trim(line.substr(end + 1));
    name = article::trim(name.substr(0, name.find('_')));  // "Guernsey _(UK)_"
    if (!name.empty()) names.emplace(line.substr(1, end - 1), name);
  }
  return names;
}

std::string text_of(const Json& value) {
  if (!value.is_object()) return {};
  const auto found = value.find("text");
  return found != value.end() && found->is_string()
             ? factbook::clean_value(found->get_ref<const std::string&>())
             : std::string();
}

factbook::Field read_field(const std::string& name, const Json& value) {
  factbook::Field field{name, text_of(value), {}};
  for (const auto& [part, inner] : value.items()) {
    if (part == "text") continue;
    const std::string text = text_of(inner);
    if (!text.empty()) field.parts.emplace_back(part, text);
  }
  return field;
}

std::string country_name(const Json& profile, const std::string& code,
                         const std::map<std::string, std::string>& names) {
  if (const auto known = names.find(code); known != names.end()) return known->second;
  const Json::json_pointer short_form("/Government/Country name/conventional short form/text");
  const std::string name =
      profile.contains(short_form) && profile.at(short_form).is_string()
          ? factbook::clean_value(profile.at(short_form).get_ref<const std::string&>())
          : "";
  return name.empty() || name == "none" ? code : name;
}

}  // namespace

FactbookFolder FactbookFolder::open(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    const bool two_letters = at->path().stem().string().size() == 2;
    if (two_letters && at->path().extension() == ".json") files.push_back(at->path());
  }
  if (failure || files.empty()) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("'{}' holds no country profiles (REGION/xx.json).", folder.string()));
  }
  std::sort(files.begin(), files.end());
  const std::map<std::string, std::string> names = read_names(folder / "SUMMARY.md");
  FactbookFolder factbook;
  for (const fs::path& file : files) {
    try {
      const Json profile = Json::parse(read_whole(file));
      const std::string country = country_name(profile, file.stem().string(), names);
      for (const auto& [section, fields] : profile.items()) {
        if (!fields.is_object()) {
          throw Error(ErrorCode::kCorruptData,
                      fmt::format("'{}': the section '{}' is no object of fields.", file.string(),
                                  section));
        }
        std::string text;
        for (const auto& [name, value] : fields.items()) {
          const std::string told = factbook::sentences_for(read_field(name, value), country);
          if (!told.empty()) text += (text.empty() ? "" : " ") + told;
        }
        factbook.sections_.push_back({factbook::section_title(section, country), std::move(text)});
      }
    } catch (const Json::exception& error) {
      throw Error(ErrorCode::kCorruptData, fmt::format("'{}' is no sound country profile: {}.",
                                                       file.string(), error.what()));
    }
  }
  return factbook;
}

MadeEntry FactbookFolder::make(int64_t entry) const {
  REALM_CHECK(entry >= 0 && entry < size());
  const Section& section = sections_[static_cast<size_t>(entry)];
  MadeEntry made;
  if (section.text.empty()) {
    made.skipped = "nothing known";
  } else {
    made.passages.push_back({0, section.title, section.text, {}, {}, 0});
  }
  return made;
}

}  // namespace realm
