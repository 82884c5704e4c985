// DictdFile: a dictionary as the DICT server dictd keeps it: an index of words and one long text.
//
//   NAME.index    a line a word: word TAB offset TAB length [TAB ...], the two numbers in bytes of
//                 the text, in base 64 with the digits A-Z a-z 0-9 + / and the highest digit first
//   NAME.dict.dz  the text in gzip (with the extra field of dictzip, which lets a server read parts
//                 of it; here it is inflated whole), or NAME.dict: the text itself
//
// Several words may stand for one article; it is given once, in the order of the text. Words that
// begin with "00-" describe the dictionary and are left out. Bytes that are no UTF-8 are read as
// Windows-1252 (dict-gcide has three of them).
//
// Thread rule: immutable after open(). open() blocks on disk: 0.3 s for 40 MB of text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace realm {

class DictdFile {
 public:
  // Throws Error{kNotFound} for a file that is not there, Error{kCorruptData} with file and line
  // for a malformed index line or one that points outside the text, and for a text that is cut off,
  // not gzip or larger than 1 GiB.
  static DictdFile open(const std::filesystem::path& index, const std::filesystem::path& data);

  int64_t size() const { return static_cast<int64_t>(articles_.size()); }
  // Valid UTF-8, its first lines the headwords; 0 <= article < size(). A part of the object.
  std::string_view article(int64_t article) const;

 private:
  struct Span {
    size_t begin = 0, length = 0;
  };
  std::string text_;
  std::vector<Span> articles_;  // in the order of the text; a mended one stands at its end
};

}  // namespace realm
