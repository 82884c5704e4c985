#include "trainer/tasks/probe_baseline.h"

#include "engine/model/model_io.h"
#include "engine/prediction/passage_reader.h"
#include "storage/workspace.h"
#include "trainer/run_stages.h"

namespace realm {

std::optional<ProbeBaseline> measure_baseline(const TaskInputs& inputs) {
  if (inputs.models_folder.empty()) return std::nullopt;
  const Workspace workspace = Workspace::open(inputs.models_folder.parent_path(), true);
  ProbeBaseline out{workspace.active().baseline, {}};
  if (out.name.empty()) return std::nullopt;
  const ModelFolder folder = ModelFolder::open(workspace.model_folder(out.name));
  if (load_tokenizer(folder)->vocabulary().fingerprint() != inputs.vocabulary().fingerprint())
    return std::nullopt;
  KnowledgeAugmentedEncoder encoder = load_encoder(folder, inputs.device);
  if (encoder->config().positions < inputs.lengths().query) return std::nullopt;
  encoder->eval();
  PassageReader reader(encoder,
                       {inputs.tokenizer, inputs.lengths(), inputs.device, inputs.options.threads});
  for (const ProbeQuery& probe : inputs.probes) {
    inputs.looks.within_part(kEvaluateStage);
    out.log_p_y.push_back(word_log_p(reader.read_alone(probe.x).table(), probe.x.answer).front());
  }
  return out;
}

}  // namespace realm
