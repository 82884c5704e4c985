// NamedParameter: one tensor of a checkpoint as a window onto a parameter of ours.
//
// Our modules may keep several checkpoint tensors in one parameter (query, key and value
// projections are one matrix, which multiplies faster). A NamedParameter says which rows of which
// parameter a Hugging Face tensor name stands for, so that loading, saving and gradient checks all
// speak in the checkpoint's names (REALM_SPEC 10.1).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/torch.h"

namespace realm {

struct NamedParameter {
  std::string name;  // canonical, for example "realm.encoder.layer.0.attention.self.key.weight"
  torch::Tensor parameter;  // the leaf that is trained
  int64_t row_begin = 0;  // the rows of the leaf that the name stands for; whole leaf: [0, size(0))
  int64_t row_end = 0;

  torch::Tensor value() const {
    return parameter.detach().slice(0, row_begin, row_end);
  }  // shares storage
  // Undefined where no gradient has arrived.
  torch::Tensor gradient() const {
    return parameter.grad().defined() ? parameter.grad().slice(0, row_begin, row_end)
                                      : torch::Tensor();
  }
};

using NamedParameters = std::vector<NamedParameter>;

inline NamedParameter whole(std::string name, const torch::Tensor& parameter) {
  return {std::move(name), parameter, 0, parameter.size(0)};
}

}  // namespace realm
