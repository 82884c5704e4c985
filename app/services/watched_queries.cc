#include "app/services/watched_queries.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <system_error>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"

namespace realm {
namespace {

using Json = nlohmann::ordered_json;

std::string member(const Json& row, const char* key) {
  return row.is_object() && row.contains(key) && row[key].is_string() ? row[key].get<std::string>()
                                                                      : std::string();
}

}  // namespace

std::filesystem::path probes_file(const std::filesystem::path& workspace) {
  return workspace / "probes.jsonl";
}

std::string watch_query(const std::filesystem::path& workspace, const WatchedQuery& query) {
  const std::filesystem::path file = probes_file(workspace);
  std::error_code ignored;
  std::string content;
  if (std::filesystem::exists(file, ignored)) {
    std::ifstream stream(file);
    std::ostringstream read;
    read << stream.rdbuf();
    // Written over, it would be lost.
    if (!stream)
      throw Error(ErrorCode::kIo, fmt::format("The file {} cannot be read.", file.string()));
    content = read.str();
  }
  std::set<std::string> names;
  std::istringstream lines(content);
  for (std::string line; std::getline(lines, line);) {
    const Json row = Json::parse(line, nullptr, false);
    names.insert(member(row, "name"));
    if (member(row, "text") == query.text) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("This query is watched already, as \u201C{}\u201D in {}.",
                              member(row, "name"), file.filename().string()));
    }
  }
  const std::string stem = query.answer.empty() ? "query" : query.answer;
  std::string name = stem;
  for (int i = 2; names.contains(name); ++i) name = fmt::format("{} {}", stem, i);
  Json row = {{"name", name}, {"text", query.text}};
  if (!query.title.empty()) row["title"] = query.title;
  if (!content.empty() && content.back() != '\n') content += '\n';
  write_file_atomically(file,
                        content + row.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  return name;
}

}  // namespace realm
