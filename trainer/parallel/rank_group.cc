#include "trainer/parallel/rank_group.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/model/torch_error.h"
#include "trainer/parallel/card_group.h"

#ifdef REALM_WITH_C10D
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

namespace realm {

#ifdef REALM_WITH_C10D

namespace {

// How long a rank waits for another: a measurement or a checkpoint of the first rank takes its
// time.
constexpr std::chrono::hours kPatience{2};
constexpr std::chrono::minutes kMeetingTime{10};

bool each_is_once(std::span<const torch::Tensor> tensors) {
  std::set<const void*> seen;
  for (const torch::Tensor& tensor : tensors) seen.insert(tensor.unsafeGetTensorImpl());
  return seen.size() == tensors.size();
}

[[noreturn]] void throw_broken(const std::exception& error) {
  throw Error(ErrorCode::kIo,
              fmt::format("The other processes of this run cannot be reached any more ({}).",
                          first_line_of(error)));
}

}  // namespace

struct RankGroup::Link {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;

  static std::unique_ptr<Link> make(c10::intrusive_ptr<c10d::Store> store, int rank, int size,
                                    bool is_local) {
    auto options = c10d::ProcessGroupGloo::Options::create();
    options->timeout = kPatience;
    options->devices.push_back(is_local
                                   ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                                   : c10d::ProcessGroupGloo::createDefaultDevice());
    auto link = std::make_unique<Link>();
    link->gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, options);
    link->store = std::move(store);
    link->is_local = is_local;
    return link;
  }

  // A tensor of the host's memory; in place.
  void sum(torch::Tensor tensor) {
    std::vector<torch::Tensor> tensors = {std::move(tensor)};
    gloo->allreduce(tensors)->wait();
  }

  bool is_local = false;
  std::unique_ptr<CardGroup> cards;     // nullptr: sums go through the host's memory
  std::optional<bool> has_cards_apart;  // asked once: each rank has a card of its own
};

std::shared_ptr<RankGroup> RankGroup::meet(const RankEnvironment& e) {
  try {
    c10d::TCPStoreOptions options;
    options.port = e.port;
    options.isServer = e.rank == 0 && !e.has_store;
    options.numWorkers = static_cast<size_t>(e.size);
    options.waitWorkers = !e.has_store;
    options.timeout = kMeetingTime;
    const auto store = c10::make_intrusive<c10d::TCPStore>(e.address, options);
    const bool is_local = e.address == "localhost" || e.address.starts_with("127.");
    return std::shared_ptr<RankGroup>(
        new RankGroup(e.rank, e.size,
                      Link::make(c10::make_intrusive<c10d::PrefixStore>("realm", store), e.rank,
                                 e.size, is_local)));
  } catch (const std::exception& error) {
    throw Error(ErrorCode::kIo,
                fmt::format("Process {} of {} did not meet the others at {}:{} ({}).", e.rank,
                            e.size, e.address, e.port, first_line_of(error)));
  }
}

std::shared_ptr<RankGroup> RankGroup::twin(const std::string& name) const {
  if (!link_) return alone();
  try {
    return std::shared_ptr<RankGroup>(
        new RankGroup(rank_, size_,
                      Link::make(c10::make_intrusive<c10d::PrefixStore>(name, link_->store), rank_,
                                 size_, link_->is_local)));
  } catch (const std::exception& error) {
    throw_broken(error);
  }
}

void RankGroup::sum(std::span<double> values) {
  if (!link_ || values.empty()) return;
  try {
    link_->sum(
        torch::from_blob(values.data(), {static_cast<int64_t>(values.size())}, torch::kFloat64));
  } catch (const std::exception& error) {
    throw_broken(error);
  }
}

// Where each rank has a card of its own, and NCCL is there, sums are made from card to card.
void RankGroup::find_cards(const torch::Device& own) {
  if (link_->has_cards_apart) return;
  std::vector<double> places(static_cast<size_t>(size_), 0.0);
  places[static_cast<size_t>(rank_)] = place_of(own);
  sum(places);
  link_->has_cards_apart = each_has_its_own(places);
  if (!*link_->has_cards_apart) return;
  try {
    link_->cards = CardGroup::make(c10::make_intrusive<c10d::PrefixStore>("cards", link_->store),
                                   rank_, size_);
  } catch (const std::exception& error) {
    throw_broken(error);
  }
}

void RankGroup::sum_gradients(std::span<const torch::Tensor> parameters, int64_t bucket) {
  if (!link_ || parameters.empty()) return;
  REALM_CHECK(each_is_once(parameters));
  const torch::NoGradGuard no_grad;
  find_cards(parameters.front().device());
  std::vector<double> holders;  // how many ranks have this gradient
  for (const torch::Tensor& parameter : parameters)
    holders.push_back(parameter.grad().defined() ? 1.0 : 0.0);
  sum(holders);
  try {
    for (size_t begin = 0; begin < parameters.size();) {
      std::vector<torch::Tensor> flat, of;
      size_t end = begin;
      for (int64_t values = 0; end < parameters.size() && values < bucket; ++end) {
        if (holders[end] == 0.0) continue;
        torch::Tensor parameter = parameters[end];
        if (!parameter.grad().defined()) parameter.mutable_grad() = torch::zeros_like(parameter);
        of.push_back(parameter.grad());
        flat.push_back(of.back().flatten());
        if (!link_->cards) flat.back() = flat.back().to(torch::kCPU);
        values += of.back().numel();
      }
      begin = end;
      if (flat.empty()) continue;
      const torch::Tensor message = torch::cat(flat);
      if (link_->cards) {
        link_->cards->sum(message);
      } else {
        link_->sum(message);
      }
      int64_t at = 0;
      for (torch::Tensor& gradient : of) {
        gradient.copy_(message.slice(0, at, at + gradient.numel()).view(gradient.sizes()));
        at += gradient.numel();
      }
    }
  } catch (const std::exception& error) {
    throw_broken(error);
  }
}

torch::Tensor RankGroup::gather_rows(const torch::Tensor& own) {
  if (!link_) return own;
  std::vector<double> counts(static_cast<size_t>(size_), 0.0);
  counts[static_cast<size_t>(rank_)] = static_cast<double>(own.size(0));
  sum(counts);
  const auto longest = static_cast<int64_t>(*std::max_element(counts.begin(), counts.end()));
  try {
    torch::Tensor padded = torch::zeros({longest, own.size(1)}, torch::kFloat32);
    {
      const torch::NoGradGuard no_grad;
      padded.slice(0, 0, own.size(0)).copy_(own.detach());
    }
    std::vector<std::vector<torch::Tensor>> out(1);
    for (int i = 0; i < size_; ++i) out.front().push_back(torch::empty_like(padded));
    std::vector<torch::Tensor> in = {padded};
    link_->gloo->allgather(out, in)->wait();
    std::vector<torch::Tensor> rows;
    for (int i = 0; i < size_; ++i) {
      const auto at = static_cast<size_t>(i);
      rows.push_back(i == rank_ ? own
                                : out.front()[at]
                                      .slice(0, 0, static_cast<int64_t>(counts[at]))
                                      .to(own.options().requires_grad(false)));
    }
    return torch::cat(rows);
  } catch (const std::exception& error) {
    throw_broken(error);
  }
}

std::string RankGroup::from_first(const std::string& text) {
  if (!link_) return text;
  double length = is_first() ? static_cast<double>(text.size()) : 0.0;
  sum({&length, 1});
  if (length == 0) return {};
  try {
    std::string out(static_cast<size_t>(length), '\0');
    if (is_first()) out = text;
    std::vector<torch::Tensor> bytes = {
        torch::from_blob(out.data(), {static_cast<int64_t>(out.size())}, torch::kUInt8)};
    link_->gloo->broadcast(bytes)->wait();
    return out;
  } catch (const std::exception& error) {
    throw_broken(error);
  }
}

#else

struct RankGroup::Link {};

std::shared_ptr<RankGroup> RankGroup::meet(const RankEnvironment&) {
  throw Error(ErrorCode::kUnsupported,
              "WORLD_SIZE asks for several processes, but this program was built without Gloo's "
              "headers (Debian's libgloo-dev), so it trains with one.");
}

std::shared_ptr<RankGroup> RankGroup::twin(const std::string&) const { return alone(); }
void RankGroup::sum(std::span<double>) {}
void RankGroup::sum_gradients(std::span<const torch::Tensor>, int64_t) {}
torch::Tensor RankGroup::gather_rows(const torch::Tensor& own) { return own; }
std::string RankGroup::from_first(const std::string& text) { return text; }

#endif

RankGroup::RankGroup(int rank, int size, std::unique_ptr<Link> link)
    : rank_(rank), size_(size), link_(std::move(link)) {}
RankGroup::~RankGroup() = default;

std::shared_ptr<RankGroup> RankGroup::from_environment() {
  const auto place = rank_environment();
  return place ? meet(*place) : alone();
}

std::shared_ptr<RankGroup> RankGroup::alone() {
  return std::shared_ptr<RankGroup>(new RankGroup(0, 1, nullptr));
}

bool RankGroup::all(bool value) {
  double no = value ? 0.0 : 1.0;
  sum({&no, 1});
  return no == 0.0;
}

BatchPart RankGroup::share_of(size_t examples) const {
  const auto ranks = static_cast<size_t>(size_), at = static_cast<size_t>(rank_);
  const size_t each = examples / ranks, more = examples % ranks;
  return {at * each + std::min(at, more), each + (at < more ? 1 : 0)};
}

}  // namespace realm
