// Where the program's own assets are: beside an installation (PREFIX/share/realm-workbench), or in
// the source tree that it was built in. Thread-safe; looks at the disk.
#pragma once

#include <filesystem>

namespace realm {

// The folder `name` ("starter") of the assets. Throws Error{kNotFound} naming the places where it
// was looked for.
std::filesystem::path find_asset(const std::filesystem::path& name);

// The program `name` ("realm-train") beside this one. Throws Error{kNotFound} where it is not
// there.
std::filesystem::path find_program(const std::filesystem::path& name);

// $XDG_DATA_HOME/realm-workbench, or ~/.local/share/realm-workbench.
std::filesystem::path user_data_folder();

}  // namespace realm
