// The English workspace as this installation makes it: with the assets beside the program.
#pragma once

#include <filesystem>

#include "app/services/english_setup.h"
#include "app/services/setup_service.h"

namespace realm {

// The options with the folder made absolute and the assets found. Throws Error{kNotFound} where
// these are missing.
EnglishSetupOptions installed_english(const std::filesystem::path& folder);

// What the window needs to make it. `session`: device and threads of the embedding.
SetupFunctions english_setup_functions(const SessionOptions& session);

}  // namespace realm
