// CachedSpanTagger: what a slow tagger found is kept in the workspace, so that each text is read by
// a model once (trainer masking, REALM section 3.4).
//
// The file is spans.sqlite in the workspace's folder: one row a model and text, by the model's
// fingerprint and the SHA-256 of the text. It may be deleted at any time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/text/salient_span_tagger.h"

namespace realm {

// Thread rule: as the tagger within; each call has a connection of its own. Several processes may
// use one file. Blocks on disk, and on the tagger for texts that are not there yet.
class CachedSpanTagger final : public SalientSpanTagger {
 public:
  // `fingerprint` says what the spans depend on beside the text. The file is made with the first
  // call that finds it missing. A file that cannot be written is no error: nothing is kept then.
  CachedSpanTagger(std::shared_ptr<const SalientSpanTagger> tagger, std::string fingerprint,
                   std::filesystem::path file);

  // Throw Error{kCorruptData} for a file of another kind, Error{kBusy}, and what the tagger does.
  std::vector<SalientSpan> tag(std::string_view text) const override;
  std::vector<std::vector<SalientSpan>> tag_all(
      std::span<const std::string_view> texts) const override;

  // The cache of a workspace, given its folder.
  static std::filesystem::path file_in(const std::filesystem::path& workspace_folder) {
    return workspace_folder / "spans.sqlite";
  }

 private:
  std::shared_ptr<const SalientSpanTagger> tagger_;
  std::string fingerprint_;
  std::filesystem::path file_;
};

}  // namespace realm
