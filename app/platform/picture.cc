#include "app/platform/picture.h"

#include <fmt/format.h>
#include <stb_image_write.h>

#include <string>

#include "engine/base/atomic_file.h"
#include "engine/base/check.h"
#include "engine/base/error.h"

namespace realm::platform {
namespace {

void append(void* context, void* data, int size) {
  static_cast<std::string*>(context)->append(static_cast<const char*>(data),
                                             static_cast<size_t>(size));
}

}  // namespace

std::string png_of(int width, int height, std::span<const uint8_t> rgba) {
  REALM_CHECK(width > 0 && height > 0);
  REALM_CHECK(rgba.size() == static_cast<size_t>(width) * static_cast<size_t>(height) * 4);
  std::string bytes;
  if (stbi_write_png_to_func(&append, &bytes, width, height, 4, rgba.data(), width * 4) == 0) {
    throw Error(ErrorCode::kIo,
                fmt::format("A picture of {} by {} pixels could not be made.", width, height));
  }
  return bytes;
}

void write_png(const std::filesystem::path& file, int width, int height,
               std::span<const uint8_t> rgba) {
  write_file_atomically(file, png_of(width, height, rgba));
}

}  // namespace realm::platform
