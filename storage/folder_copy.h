// Folders of big files, copied in and removed whole or not at all. Private to storage.
//
// Thread-safe on different targets; blocks. The stop token is looked at every few MiB.
#pragma once

#include <filesystem>
#include <stop_token>

#include "engine/base/progress.h"

namespace realm {

// Copies every file below `source` (links followed, hidden ones left out) to a hidden folder beside
// `target`, syncs it and renames it into place. `target` must not exist. Progress in bytes, stage
// "copying". Throws Error{kNotFound} for an empty source, Error{kInvalidArgument} when the target
// lies inside the source, Error{kCancelled}, Error{kIo}, also for a disk without the room.
void copy_folder_atomically(const std::filesystem::path& source,
                            const std::filesystem::path& target, std::stop_token stop,
                            const ProgressCallback& progress);

// Out of sight first, then file by file.
void remove_folder_atomically(const std::filesystem::path& folder);

// What such a copy or removal leaves behind when it is killed.
bool is_leftover_name(std::string_view name);

}  // namespace realm
