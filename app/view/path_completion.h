// Paths as they are typed into a popup: which folder is meant, what of it fits what is typed so
// far, and how the rest is filled in. What a folder holds is read by a thread of its own
// (app/services/folder_service.h), as a folder may lie on a slow or a dead disk.
//
// Plain values, pure functions; thread-compatible.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace realm::view {

struct WorkbenchState;

enum class FolderKind { kPlain, kWorkspace, kModel };

struct FolderEntry {
  std::string name{};
  bool is_folder = false;
  FolderKind kind = FolderKind::kPlain;  // of a folder
};

// What is in a folder: folders first, then files, each by name without regard to case.
struct FolderListing {
  std::filesystem::path folder{};
  FolderKind kind = FolderKind::kPlain;  // of itself
  std::vector<FolderEntry> entries{};
  bool is_cut = false;      // there is more than was read
  std::string problem{};    // why it cannot be read, one sentence; empty: it could
  bool is_missing = false;  // because there is none
};

// An effect: read the folder. Nothing in it is changed.
struct LookAtFolder {
  std::filesystem::path folder{};  // absolute
};

// "~" and "~/…" stand for the home folder; spaces around a path are none of it.
std::filesystem::path path_of(std::string_view typed, const std::filesystem::path& home);

// "/data/ct" in two: the folder "/data" and what the name begins with, "ct".
struct TypedPath {
  std::filesystem::path folder{};  // absolute; empty: not known
  std::string_view head{};         // of what was typed, up to the name
  std::string_view begun{};        // the name, as far as it is typed
};
// A name without a folder is looked for in `working`.
TypedPath typed_path(std::string_view typed, const std::filesystem::path& home,
                     const std::filesystem::path& working);

// What a popup asks for.
enum class PathWish { kNone, kWorkspace, kModel, kPassages, kNewFile, kNewFolder };
PathWish path_wish(const WorkbenchState& state);

// Something to choose. `is_wished`: choosing it is the end of it; another folder is gone into.
struct PathOffer {
  const FolderEntry* entry = nullptr;
  bool is_wished = false;
};
// The entries whose name begins with what is typed, without regard to case; names that begin with a
// dot only where that is typed. Where a folder is asked for, folders alone. They live as long as
// the listing.
std::vector<PathOffer> path_offers(const FolderListing& listing, std::string_view begun,
                                   PathWish wish);

// The listing of the folder that is typed into the open popup; nullptr: it is not there (yet).
const FolderListing* typed_listing(const WorkbenchState& state);
TypedPath typed_path(const WorkbenchState& state);
// What is typed with the name of an entry, and a slash behind a folder.
std::string with_entry(const TypedPath& typed, const FolderEntry& entry);
// What is typed with as much more as all offers have in common; the same where there is none.
std::string completed(const WorkbenchState& state);

}  // namespace realm::view
