#include "app/services/assets.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "engine/base/error.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

fs::path program_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

}  // namespace

fs::path find_asset(const fs::path& name) {
  const fs::path bin = program_folder();
  // PREFIX/bin, and build/<preset>/bin in the source tree.
  const std::array<fs::path, 2> places = {bin / "../share/realm-workbench" / name,
                                          bin / "../../../assets" / name};
  for (const fs::path& place : places) {
    if (fs::is_directory(place)) return fs::canonical(place);
  }
  throw Error(
      ErrorCode::kNotFound,
      fmt::format("The program's asset {} is neither at {} nor at {}.", name.string(),
                  places[0].lexically_normal().string(), places[1].lexically_normal().string()));
}

fs::path find_program(const fs::path& name) {
  const fs::path program = program_folder() / name;
  if (!fs::exists(program)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The program {} is not there; ./workbench {} makes it.",
                            program.string(), name == "realm-bench" ? "bench" : "build"));
  }
  return program;
}

fs::path user_data_folder() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data == '/') return fs::path(data) / "realm-workbench";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    throw Error(ErrorCode::kNotFound,
                "Neither XDG_DATA_HOME nor HOME is set, so there is no place for the user's data.");
  }
  return fs::path(home) / ".local/share/realm-workbench";
}

}  // namespace realm
