// Small packages in the formats of the real ones, and a fetcher that has them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/packages/package_fetcher.h"

namespace realm::testing {

std::string gzip(std::string_view text);
std::string base64_number(uint64_t value);  // in dictd's digits

struct SampleArticle {
  std::vector<std::string> words;  // of the index
  std::string text;
};
// Writes NAME.index and NAME.dict.dz.
void write_dictionary(const std::filesystem::path& folder, const std::string& name,
                      const std::vector<SampleArticle>& articles);

// Contents of packages as unpacked, with two or three entries each: below `root`, by package name.
std::map<std::string, std::filesystem::path> write_samples(const std::filesystem::path& root);

class FakeFetcher final : public PackageFetcher {
 public:
  explicit FakeFetcher(std::map<std::string, std::filesystem::path> packages)
      : contents(std::move(packages)) {}
  FetchedPackage fetch(const PackageRequest& request, std::stop_token stop,
                       const ProgressCallback& progress) override;

  std::map<std::string, std::filesystem::path> contents;  // what is missing cannot be had
  std::vector<std::string> asked;
};

}  // namespace realm::testing
