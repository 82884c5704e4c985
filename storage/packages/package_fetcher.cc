#include "storage/packages/package_fetcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "storage/packages/article_text.h"
#include "storage/packages/child_process.h"
#include "storage/paths.h"
#include "storage/workspace.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kMarker = "complete.json";
constexpr const char* kContent = "content";

bool is_npm(const PackageRequest& request) { return request.kind == PackageRequest::Kind::kNpm; }

std::string full_name(const PackageRequest& request) {
  return request.version.empty() ? request.name : request.name + "@" + request.version;
}

std::string folder_name(const PackageRequest& request) {
  std::string name = full_name(request);  // "@scope/name@1.0.0"
  std::replace(name.begin(), name.end(), '/', '+');
  return name;
}

struct Contents {
  int64_t files = 0, bytes = 0;
  bool operator==(const Contents&) const = default;
};

Contents measure(const fs::path& folder) {
  Contents contents;
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    std::error_code gone;
    if (!at->is_regular_file(gone) || at->is_symlink(gone)) continue;
    ++contents.files;
    contents.bytes += size_of_file(at->path());
  }
  return contents;
}

// What an earlier call left complete and nobody has changed since; the others are to be fetched.
bool read_complete(const fs::path& folder, FetchedPackage& package) {
  std::ifstream stream(folder / kMarker);
  if (!stream) return false;
  const json marker = json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!marker.is_object() || !marker.value("archive", json()).is_string() ||
      !marker.value("archive_sha256", json()).is_string() ||
      !marker.value("files", json()).is_number_integer() ||
      !marker.value("bytes", json()).is_number_integer()) {
    return false;
  }
  package.archive = marker.at("archive").get<std::string>();
  package.archive_sha256 = marker.at("archive_sha256").get<std::string>();
  package.content = folder / kContent;
  package.from_cache = true;
  const fs::path archive = folder / package.archive;
  return is_file(archive) && sha256_of_file(archive) == package.archive_sha256 &&
         measure(package.content) ==
             Contents{marker.at("files").get<int64_t>(), marker.at("bytes").get<int64_t>()};
}

// The last line of the log that says something, without the programs' own prefixes.
std::string last_words(const fs::path& log) {
  std::ifstream stream(log);
  std::string words, found;
  for (std::string line; std::getline(stream, line);) {
    const std::string_view text = article::trim(line);
    if (text.empty() || text.starts_with("W: ") || text.find("debug-") != std::string_view::npos ||
        text.find("complete log") != std::string_view::npos || text.starts_with("$ ")) {
      continue;
    }
    const bool fault = text.starts_with("E: ") || text.find("npm error") == 0 ||
                       text.find("npm ERR!") == 0 || text.find(": ") != std::string_view::npos;
    if (fault || found.empty()) found = std::string(text);
  }
  constexpr size_t kMostBytes = 300;
  return found.size() > kMostBytes ? found.substr(0, kMostBytes) + "..." : found;
}

bool log_holds(const fs::path& log, std::string_view text) {
  std::ifstream stream(log);
  for (std::string line; std::getline(stream, line);) {
    if (line.find(text) != std::string::npos) return true;
  }
  return false;
}

std::string advice(const PackageRequest& request, const fs::path& log) {
  if (log_holds(log, "No space left") || log_holds(log, "ENOSPC"))
    return "the disk is full: make room and run this again";
  if (log_holds(log, "Unable to locate package") || log_holds(log, "No candidate version")) {
    return "this system's package lists do not have it: run 'apt-get update' as root, then this "
           "again";
  }
  if (log_holds(log, "E404") || log_holds(log, "ETARGET"))
    return "the registry does not have it: check which one npm uses";
  return is_npm(request) ? "check the network and npm's registry, then run this again"
                         : "check the network and the package sources, then run this again";
}

// One package on its way from the network to the cache.
class Fetch {
 public:
  Fetch(const PackageRequest& request, const fs::path& cache, const PackagePrograms& programs,
        std::chrono::milliseconds time_limit)
      : request_(request),
        programs_(programs),
        time_limit_(time_limit),
        folder_(cache / folder_name(request)),
        partial_(cache / (folder_name(request) + ".partial")),
        log_(cache / (folder_name(request) + ".log")) {}

  FetchedPackage run(const std::stop_token& stop, const ProgressCallback& progress) {
    FetchedPackage package;
    if (read_complete(folder_, package)) return package;
    fs::remove_all(folder_);
    fs::remove_all(partial_);
    fs::remove(log_);
    fs::create_directories(partial_ / kContent);
    download(stop, progress);
    const fs::path archive = find_archive();
    unpack(archive, stop);
    package = {folder_ / kContent, archive.filename().string(), sha256_of_file(archive), false};
    const Contents contents = measure(partial_ / kContent);
    if (contents.files == 0) fail("it holds no files");
    const json marker = {{"package", full_name(request_)},
                         {"archive", package.archive},
                         {"archive_sha256", package.archive_sha256},
                         {"files", contents.files},
                         {"bytes", contents.bytes}};
    write_file_atomically(partial_ / kMarker, marker.dump(2) + "\n");
    fs::rename(partial_, folder_);
    sync_folder(folder_.parent_path());
    return package;
  }

  // Of what was fetched or found in the cache.
  void check_expected(const FetchedPackage& package) const {
    for (const PackageRequest::ExpectedFile& expected : request_.expected) {
      const fs::path file = package.content / expected.path;
      const std::string found = is_file(file) ? sha256_of_file(file) : "";
      if (found == expected.sha256) continue;
      std::error_code ignored;
      fs::remove_all(folder_, ignored);
      throw Error(
          ErrorCode::kMismatch,
          found.empty()
              ? fmt::format("The package {} ({}) does not hold the file {}; it was deleted from "
                            "the cache.",
                            full_name(request_), package.archive, expected.path.string())
              : fmt::format("In the package {} ({}) the file {} has the SHA-256 {} and not the "
                            "expected {}; it was deleted from the cache.",
                            full_name(request_), package.archive, expected.path.string(), found,
                            expected.sha256));
    }
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorCode::kIo,
                fmt::format("The package {} cannot be had: {}; {} (log: {}).", full_name(request_),
                            why, advice(request_, log_), log_.string()));
  }

  void run_program(std::vector<std::string> arguments, const std::stop_token& stop,
                   const std::function<void()>& tick) const {
    const std::string program = arguments.front();
    int code = 0;
    try {
      code = run_child({std::move(arguments), partial_, log_, time_limit_}, stop, tick);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kNotFound) {
        throw Error(ErrorCode::kNotFound,
                    fmt::format("The package {} cannot be had: the program '{}' is not here; "
                                "install {} and run this again.",
                                full_name(request_), program,
                                program == programs_.npm ? "the Debian package npm" : "it"));
      }
      if (error.code() == ErrorCode::kCancelled) {
        throw Error(ErrorCode::kCancelled,
                    fmt::format("Fetching the package {} was cancelled; the next run fetches it "
                                "anew.",
                                full_name(request_)));
      }
      fail(error.what());
    }
    if (code == 0) return;
    const std::string words = last_words(log_);
    fail(fmt::format("'{}' ended with code {}{}", program, code,
                     words.empty() ? "" : " and said \"" + words + "\""));
  }

  void download(const std::stop_token& stop, const ProgressCallback& progress) const {
    const auto tick = [&] {
      if (progress)
        progress({measure(partial_).bytes, 0, fmt::format("downloading {}", request_.name)});
    };
    std::vector<std::string> arguments =
        is_npm(request_) ? std::vector<std::string>{programs_.npm, "pack", "--ignore-scripts"}
                         : std::vector<std::string>{programs_.apt_get, "-q", "download"};
    arguments.push_back(is_npm(request_) ? full_name(request_) : request_.name);
    run_program(std::move(arguments), stop, tick);
  }

  fs::path find_archive() const {
    const char* const extension = is_npm(request_) ? ".tgz" : ".deb";
    fs::path archive;
    for (const fs::directory_entry& entry : fs::directory_iterator(partial_)) {
      if (entry.path().extension() == extension) archive = entry.path();
    }
    if (archive.empty()) fail(fmt::format("the download left no {} file", extension));
    return archive;
  }

  void unpack(const fs::path& archive, const std::stop_token& stop) const {
    const std::string content = (partial_ / kContent).string();
    run_program(is_npm(request_)
                    ? std::vector<std::string>{programs_.tar, "-xzf", archive.string(), "-C",
                                               content, "--strip-components=1", "--no-same-owner"}
                    : std::vector<std::string>{programs_.dpkg_deb, "-x", archive.string(), content},
                stop, {});
  }

  const PackageRequest& request_;
  const PackagePrograms& programs_;
  std::chrono::milliseconds time_limit_;
  fs::path folder_, partial_, log_;
};

}  // namespace

SystemPackageFetcher::SystemPackageFetcher(const fs::path& cache, PackagePrograms programs,
                                           std::chrono::milliseconds time_limit)
    : cache_(fs::absolute(cache)), programs_(std::move(programs)), time_limit_(time_limit) {}

FetchedPackage SystemPackageFetcher::fetch(const PackageRequest& request, std::stop_token stop,
                                           const ProgressCallback& progress) {
  // A name is an argument of a program and a folder of ours.
  const bool sound = !request.name.empty() && request.name.front() != '-' &&
                     request.name.front() != '.' &&
                     std::all_of(request.name.begin(), request.name.end(), [](char c) {
                       return article::is_letter(c) || article::is_digit(c) ||
                              std::string_view("+-._@/").find(c) != std::string_view::npos;
                     });
  if (!sound || request.name.find("..") != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is no name of a package.", request.name));
  }
  try {
    fs::create_directories(cache_);
    const WriterLock lock(cache_ / ".lock", "download packages");
    Fetch fetch(request, cache_, programs_, time_limit_);
    FetchedPackage package = fetch.run(stop, progress);
    fetch.check_expected(package);
    return package;
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::kIo,
                fmt::format("The package {} cannot be kept in '{}': {}; check the room on the disk "
                            "and the right to write there.",
                            full_name(request), cache_.string(), error.code().message()));
  }
}

}  // namespace realm
