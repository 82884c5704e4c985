#include "tests/engine/facade/engine_fixture.h"

#include "tests/support/parity.h"

namespace realm::testing {

TempDirectory* Engines::folder_ = nullptr;
RealmEngine* Engines::engine_ = nullptr;
FacadeCorpus* Engines::corpus_ = nullptr;
std::shared_ptr<const MipsIndex>* Engines::index_ = nullptr;

void Engines::SetUpTestSuite() {
  folder_ = new TempDirectory();
  EngineOptions options;
  options.model = make_bundle(golden("cfg_b"), folder_->path(), 30, 60);
  options.baseline = golden("cfg_b/encoder");
  options.threads = 1;
  engine_ = RealmEngine::open(options).release();
  corpus_ = new FacadeCorpus(twelve_documents());
  index_ = new std::shared_ptr<const MipsIndex>(embed(*engine_, corpus_->documents()));
}

void Engines::TearDownTestSuite() {
  delete index_;
  delete corpus_;
  delete engine_;
  delete folder_;
}

}  // namespace realm::testing
