#include "app/view/path_completion.h"

#include <algorithm>

#include "app/view/workbench.h"

namespace realm::view {
namespace {

namespace fs = std::filesystem;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_with(std::string_view name, std::string_view begun) {
  return name.size() >= begun.size() &&
         std::equal(begun.begin(), begun.end(), name.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view typed) {
  const size_t first = typed.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return typed.substr(first, typed.find_last_not_of(' ') - first + 1);
}

bool asks_for_folder(PathWish wish) {
  return wish == PathWish::kWorkspace || wish == PathWish::kModel || wish == PathWish::kNewFolder;
}

bool is_wished(const FolderEntry& entry, PathWish wish) {
  if (wish == PathWish::kWorkspace) return entry.kind == FolderKind::kWorkspace;
  if (wish == PathWish::kModel) return entry.kind == FolderKind::kModel;
  return wish != PathWish::kNewFolder && !entry.is_folder;
}

}  // namespace

fs::path path_of(std::string_view typed, const fs::path& home) {
  const std::string_view path = trimmed(typed);
  if (path == "~") return home;
  if (path.starts_with("~/")) return home / path.substr(2);
  return path;
}

TypedPath typed_path(std::string_view typed, const fs::path& home, const fs::path& working) {
  const size_t skipped = std::min(typed.find_first_not_of(' '), typed.size());
  const size_t slash = typed.rfind('/');
  const size_t end = slash == std::string_view::npos || slash < skipped ? skipped : slash + 1;
  TypedPath path{.head = typed.substr(0, end), .begun = typed.substr(end)};
  const fs::path folder = path_of(path.head, home);
  if (folder.is_absolute()) {
    path.folder = folder.lexically_normal();
  } else if (!working.empty() && path.begun != "~") {
    path.folder = (working / folder).lexically_normal();
  }
  if (path.folder.has_relative_path() && !path.folder.has_filename())
    path.folder = path.folder.parent_path();
  return path;
}

std::vector<PathOffer> path_offers(const FolderListing& listing, std::string_view begun,
                                   PathWish wish) {
  std::vector<PathOffer> offers;
  for (const FolderEntry& entry : listing.entries) {
    const bool is_shown = !entry.name.starts_with('.') || begun.starts_with('.');
    if (is_shown && begins_with(entry.name, begun) && (entry.is_folder || !asks_for_folder(wish)))
      offers.push_back({&entry, is_wished(entry, wish)});
  }
  return offers;
}

PathWish path_wish(const WorkbenchState& state) {
  switch (state.popup) {
    case Popup::kOpenWorkspace:
      return PathWish::kWorkspace;
    case Popup::kImport:
      return PathWish::kPassages;
    case Popup::kImportModel:
      return PathWish::kModel;
    case Popup::kNewWorkspace:
    case Popup::kEnglish:
      return PathWish::kNewFolder;
    case Popup::kExport:
    case Popup::kExportCorpus:
    case Popup::kSaveCurves:
      return PathWish::kNewFile;
    default:
      return PathWish::kNone;
  }
}

TypedPath typed_path(const WorkbenchState& state) {
  return typed_path(state.popup_text, state.folders.home, state.folders.working);
}

const FolderListing* typed_listing(const WorkbenchState& state) {
  const auto& listing = state.folder;
  if (!listing || listing->folder != state.folder_looked_at || listing->folder.empty())
    return nullptr;
  return listing.get();
}

std::string with_entry(const TypedPath& typed, const FolderEntry& entry) {
  return std::string(typed.head) + entry.name + (entry.is_folder ? "/" : "");
}

std::string completed(const WorkbenchState& state) {
  const FolderListing* listing = typed_listing(state);
  const TypedPath typed = typed_path(state);
  if (typed.begun == "~") return std::string(typed.head) + "~/";
  if (listing == nullptr) return state.popup_text;
  const std::vector<PathOffer> offers = path_offers(*listing, typed.begun, path_wish(state));
  if (offers.empty()) return state.popup_text;
  if (offers.size() == 1) return with_entry(typed, *offers.front().entry);
  std::string_view common = offers.front().entry->name;
  for (const PathOffer& offer : offers) {
    size_t same = 0;
    const std::string_view name = offer.entry->name;
    while (same < std::min(common.size(), name.size()) && lower(common[same]) == lower(name[same]))
      ++same;
    common = common.substr(0, same);
  }
  // Not into the middle of a character.
  while (!common.empty() && common.size() < offers.front().entry->name.size() &&
         (static_cast<unsigned char>(offers.front().entry->name[common.size()]) & 0xC0U) == 0x80U)
    common.remove_suffix(1);
  if (common.size() <= typed.begun.size()) return state.popup_text;
  return std::string(typed.head) + std::string(common);
}

}  // namespace realm::view
