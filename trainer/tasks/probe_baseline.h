// What plain BERT says of the probe queries: the workspace's baseline, asked the same without
// passages (DESIGN.md 1). It is not trained, so that one measurement serves a whole run. Function
// without state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "trainer/tasks/task_inputs.h"

namespace realm {

struct ProbeBaseline {
  std::string name;             // of the model in the workspace
  std::vector<double> log_p_y;  // a probe each: log p(y|x)
};

// nullopt: the workspace has no baseline in use, or one of another vocabulary or for shorter
// queries. The network is loaded onto the inputs' device, and gone afterwards. Blocks; heeds
// inputs.looks; throws as load_encoder.
std::optional<ProbeBaseline> measure_baseline(const TaskInputs& inputs);

}  // namespace realm
