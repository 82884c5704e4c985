#include "engine/checkpoint/small_json.h"

#include <string_view>

#include "engine/base/error.h"
#include "engine/checkpoint/mapped_file.h"

namespace realm {

using Json = nlohmann::json;

Json read_small_json(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  const std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()),
                              mapped.bytes().size());
  Json json = Json::parse(
      text.begin(), text.end(), [](int depth, Json::parse_event_t, Json&) { return depth < 16; },
      /*allow_exceptions=*/false);
  if (json.is_discarded())
    throw Error(ErrorCode::kCorruptData, "The file \"" + file.string() + "\" should be JSON.");
  return json;
}

Json read_small_object(const std::filesystem::path& file) {
  Json json = read_small_json(file);
  if (!json.is_object())
    throw Error(ErrorCode::kCorruptData,
                "The file \"" + file.string() + "\" should be a JSON object.");
  return json;
}

}  // namespace realm
