// PackageFetcher: gets packages of files from where the system gets its software: Debian packages
// through apt-get, npm packages through npm. They are downloaded and unpacked into a cache folder
// of ours; nothing is installed, no root is needed, and nothing of a package is run.
//
//   CACHE/NAME/                 a package that is complete
//     dict-foldoc_1_all.deb     as downloaded
//     content/                  what is in it (of an npm package without the folder package/)
//     complete.json             written last: the download's SHA-256, number and size of the files
//   CACHE/NAME.partial/         one that is not: thrown away and fetched anew
//   CACHE/NAME.log              what the programs said
//
// Thread rule: an instance belongs to one thread; calls block on network and disk. Two processes
// may share a cache: the second gets Error{kBusy} while the first fetches.
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/progress.h"

namespace realm {

struct PackageRequest {
  enum class Kind { kDebian, kNpm };
  struct ExpectedFile {
    std::filesystem::path path;  // within the content
    std::string sha256;          // 64 hexadecimal digits
  };
  Kind kind = Kind::kDebian;
  std::string name;
  std::string version;  // of npm packages; empty: the newest. Debian's is that of the release.
  std::vector<ExpectedFile> expected;
};

struct FetchedPackage {
  std::filesystem::path content;
  std::string archive;  // the download's file name, which has the version
  std::string archive_sha256;
  bool from_cache = false;  // it was there already
};

class PackageFetcher {
 public:
  virtual ~PackageFetcher() = default;
  // Every Error has one sentence that names the package and what to do: kNotFound when a program is
  // missing, kIo when it cannot be had (no network, no such package, full disk, time over),
  // kMismatch when an expected file is missing or different (the package is deleted from the cache
  // then), kBusy, kCancelled. Progress: stage "downloading NAME", in bytes, total not known.
  virtual FetchedPackage fetch(const PackageRequest& request, std::stop_token stop = {},
                               const ProgressCallback& progress = {}) = 0;
};

struct PackagePrograms {
  std::string apt_get = "apt-get", dpkg_deb = "dpkg-deb", npm = "npm", tar = "tar";
};

class SystemPackageFetcher final : public PackageFetcher {
 public:
  // The cache is made when it is needed. `time_limit`: of one download; 0: none.
  explicit SystemPackageFetcher(const std::filesystem::path& cache, PackagePrograms programs = {},
                                std::chrono::milliseconds time_limit = std::chrono::minutes(15));

  FetchedPackage fetch(const PackageRequest& request, std::stop_token stop = {},
                       const ProgressCallback& progress = {}) override;

 private:
  std::filesystem::path cache_;
  PackagePrograms programs_;
  std::chrono::milliseconds time_limit_;
};

}  // namespace realm
