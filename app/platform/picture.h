// A picture as PNG. Thread-compatible.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace realm::platform {

// `rgba` holds width * height * 4 bytes, the top row first; gives the file's bytes. Throws
// Error{kIo}.
std::string png_of(int width, int height, std::span<const uint8_t> rgba);

// The same into a file; blocks on the disk. Written to a new file that is then
// renamed, so that a failure leaves no half picture. Throws Error{kIo}.
void write_png(const std::filesystem::path& file, int width, int height,
               std::span<const uint8_t> rgba);

}  // namespace realm::platform
