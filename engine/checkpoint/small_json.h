// JSON side files of a checkpoint folder: small, shallow, and read whole. Functions without state;
// they block on disk.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

namespace realm {

// Nesting beyond 16 levels, which no such file has, is dropped. Throws Error{kCorruptData} for what
// is no JSON, and Error{kNotFound, kIo}.
nlohmann::json read_small_json(const std::filesystem::path& file);
// The same, and Error{kCorruptData} for what is no object.
nlohmann::json read_small_object(const std::filesystem::path& file);

}  // namespace realm
