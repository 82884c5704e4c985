// Writing a picture as PNG. Blocks on the disk; thread-compatible.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace realm::platform {

// `rgba` holds width * height * 4 bytes, the top row first. Written to a new file that is then
// renamed, so that a failure leaves no half picture. Throws Error{kIo}.
void write_png(const std::filesystem::path& file, int width, int height,
               std::span<const uint8_t> rgba);

}  // namespace realm::platform
