#include "trainer/trained_leaves.h"

#include <set>

namespace realm {

std::vector<torch::Tensor> trained_leaves(std::span<const AdamWeightDecay::Group> groups) {
  std::vector<torch::Tensor> leaves;
  std::set<const void*> seen;
  for (const AdamWeightDecay::Group& group : groups) {
    for (const NamedParameter& named : group.parameters) {
      if (seen.insert(named.parameter.unsafeGetTensorImpl()).second)
        leaves.push_back(named.parameter);
    }
  }
  return leaves;
}

}  // namespace realm
