// Inputs of a training task in memory: four passages of short words and networks that take no time.
#pragma once

#include "trainer/tasks/task_inputs.h"

namespace realm::testing {

// Passages 11 to 14, titled "a" to "d", "<letter> is near <letter>."; one candidate beside the null
// document; held out: "b is near [[c]]" of passage "b", and "c is [[near]] d" which names none.
TaskInputs task_inputs();

Embedder small_embedder(const TaskInputs& inputs, int64_t seed);
KnowledgeAugmentedEncoder small_encoder(const TaskInputs& inputs, int64_t seed);

}  // namespace realm::testing
