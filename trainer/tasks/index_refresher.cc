#include "trainer/tasks/index_refresher.h"

#include "engine/base/check.h"
#include "engine/index/faiss_index.h"
#include "trainer/tasks/retrieval_probe.h"

namespace realm {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void append_weights(WeightList& out, const std::string& prefix, const Embedder& embedder) {
  for (const auto& item : embedder->named_parameters())
    out.emplace_back(prefix + item.key(), item.value().detach());
}

}  // namespace

IndexRefresher::IndexRefresher(const TaskInputs& inputs) : inputs_(inputs) {}

IndexRefresher::~IndexRefresher() {
  if (pending_) pending_->thread.request_stop();
}

Embedder IndexRefresher::copy_of(const Embedder& weights) const {
  const torch::NoGradGuard no_grad;
  Embedder copy(weights->config());
  auto to = copy->named_parameters();
  for (const auto& item : weights->named_parameters()) to[item.key()].copy_(item.value());
  copy->to(inputs_.device);
  return copy;
}

void IndexRefresher::take(VectorTable vectors, Embedder weights, int64_t generation, int64_t step) {
  index_ = make_index(kExactIndexType, std::move(vectors), generation);
  index_weights_ = std::move(weights);
  made_at_step_ = step;
}

void IndexRefresher::build_now(const Embedder& weights, int64_t generation, int64_t made_at_step) {
  Embedder copy = copy_of(weights);
  take(embed_corpus(inputs_, copy, {}), copy, generation, made_at_step);
}

void IndexRefresher::begin(const Embedder& weights, int64_t step) { start(copy_of(weights), step); }

void IndexRefresher::start(Embedder weights, int64_t step) {
  REALM_CHECK(!pending_);
  pending_.emplace();
  pending_->step = step;
  pending_->weights = std::move(weights);
  std::promise<Built> promise;
  pending_->result = promise.get_future();
  pending_->thread =
      std::jthread([this, embedder = pending_->weights,
                    promise = std::move(promise)](const std::stop_token& stop) mutable {
        try {
          const auto began = std::chrono::steady_clock::now();
          VectorTable vectors = embed_corpus(inputs_, embedder, stop);
          promise.set_value({std::move(vectors), seconds_since(began)});
        } catch (...) {
          promise.set_exception(std::current_exception());
        }
      });
}

IndexRefresher::Adopted IndexRefresher::adopt() {
  REALM_CHECK(pending_.has_value());
  const auto began = std::chrono::steady_clock::now();
  Built built = pending_->result.get();
  const Adopted adopted{seconds_since(began), built.seconds};
  take(std::move(built.vectors), pending_->weights, index_->generation() + 1, pending_->step);
  pending_.reset();
  return adopted;
}

WeightList IndexRefresher::weights() const {
  WeightList out;
  append_weights(out, "index.", index_weights_);
  if (pending_) append_weights(out, "pending.", pending_->weights);
  return out;
}

void IndexRefresher::restore(const Restored& saved, const WeightList& weights) {
  const torch::NoGradGuard no_grad;
  const auto read = [&](const std::string& prefix) {
    Embedder embedder(index_weights_->config());
    auto parameters = embedder->named_parameters();
    for (const auto& [name, tensor] : weights) {
      if (name.starts_with(prefix)) parameters[name.substr(prefix.size())].copy_(tensor);
    }
    embedder->to(inputs_.device);
    return embedder;
  };
  const Embedder current = read("index.");
  build_now(current, saved.generation, saved.made_at_step);
  if (saved.pending_step) start(read("pending."), *saved.pending_step);
}

}  // namespace realm
