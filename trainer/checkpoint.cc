#include "trainer/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/checkpoint/safetensors_writer.h"
#include "engine/checkpoint/tensor_file.h"
#include "trainer/saved_checkpoints.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

std::vector<std::pair<std::string, torch::Tensor>> all_parameters(TrainingTask& task) {
  std::vector<std::pair<std::string, torch::Tensor>> out;
  for (const AdamWeightDecay::Group& group : task.parameter_groups()) {
    for (const NamedParameter& named : group.parameters)
      out.emplace_back("p." + named.name, named.value());
  }
  return out;
}

// What could not be written whole gives its room back at once, so that a full disk takes the run's
// exit record.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(fs::path folder) : folder_(std::move(folder)) {}
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  void keep() { folder_.clear(); }

 private:
  fs::path folder_;
};

std::string read_text(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    throw Error(ErrorCode::kNotFound, fmt::format("{} cannot be read.", file.string()));
  std::string out;
  char buffer[65536];
  for (ssize_t got = 0; (got = ::read(descriptor, buffer, sizeof buffer)) > 0;)
    out.append(buffer, static_cast<size_t>(got));
  ::close(descriptor);
  return out;
}

}  // namespace

SavedCheckpoint save_checkpoint(const fs::path& run_folder, int64_t step, TrainingTask& task,
                                const AdamWeightDecay& optimizer, int64_t keep_every_steps) {
  const fs::path folder = run_folder / "checkpoints";
  const fs::path target = folder / fmt::format("step-{}", step);
  const fs::path temporary = folder / fmt::format("step-{}.tmp", step);
  try {
    fs::create_directories(folder);
    fs::remove_all(temporary);
    fs::create_directories(temporary / "models");
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::kIo, fmt::format("The checkpoint folder {} cannot be made: {}.",
                                            temporary.string(), error.code().message()));
  }
  TemporaryFolder removed_on_failure(temporary);
  task.save_models(temporary / "models");

  const TaskState state = task.state();
  std::vector<std::pair<std::string, torch::Tensor>> tensors = all_parameters(task);
  Sha256 digest;
  std::vector<torch::Tensor> kept;  // contiguous float32 copies live until they are written
  std::vector<TensorToWrite> to_write;
  const auto add = [&](const std::string& name, const torch::Tensor& tensor, bool is_parameter) {
    kept.push_back(tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous());
    const torch::Tensor& flat = kept.back();
    const std::span<const float> values(flat.data_ptr<float>(), static_cast<size_t>(flat.numel()));
    if (is_parameter) digest.update(name).update(std::as_bytes(values));
    to_write.push_back({name, flat.sizes().vec(), ScalarType::kF32, values});
  };
  for (const auto& [name, tensor] : tensors) add(name, tensor, true);
  for (const auto& [name, tensor] : optimizer.state()) add(name, tensor, false);
  for (const auto& [name, tensor] : state.tensors) add("t." + name, tensor, false);
  write_safetensors(temporary / kCheckpointTensors, to_write);

  SavedCheckpoint saved{step, target, digest.hex()};
  const nlohmann::json json = {
      {"format", 1}, {"step", step}, {"fingerprint", saved.fingerprint}, {"task", state.json}};
  write_file_atomically(temporary / "state.json", json.dump(2) + "\n");
  sync_folder(temporary);
  std::error_code ignored;
  fs::remove_all(target, ignored);  // the same step written before a kill: the same content
  std::error_code failed;
  fs::rename(temporary, target, failed);
  if (failed) {
    throw Error(ErrorCode::kIo, fmt::format("The checkpoint {} cannot be put in place: {}.",
                                            target.string(), failed.message()));
  }
  removed_on_failure.keep();
  sync_folder(folder);

  std::vector<fs::path> half_written;  // what a kill left
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".tmp") half_written.push_back(entry.path());
  }
  for (const fs::path& left : half_written) fs::remove_all(left, ignored);
  thin_checkpoints(run_folder, keep_every_steps);
  return saved;
}

int64_t load_checkpoint(const fs::path& checkpoint, TrainingTask& task,
                        const AdamWeightDecay& optimizer) {
  const torch::NoGradGuard no_grad;
  const auto json = nlohmann::json::parse(read_text(checkpoint / "state.json"), nullptr, false);
  if (!json.is_object() || !json.contains("step") || !json.contains("task")) {
    throw Error(ErrorCode::kCorruptData, fmt::format("{} is not a checkpoint's state.",
                                                     (checkpoint / "state.json").string()));
  }
  const auto file = TensorFile::open(checkpoint / kCheckpointTensors);
  const auto read = [&](const std::string& name, torch::Tensor to) {
    const auto view = file->find(name);
    if (!view) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("The checkpoint {} has no tensor {}.", checkpoint.string(), name));
    }
    if (view->shape != to.sizes().vec()) {
      throw Error(
          ErrorCode::kMismatch,
          fmt::format("The tensor {} of the checkpoint {} has shape {}, but the run's has {}.",
                      name, checkpoint.string(), shape_text(view->shape),
                      shape_text(to.sizes().vec())));
    }
    std::vector<float> values = to_float32(*view);
    to.copy_(torch::from_blob(values.data(), to.sizes(), torch::kFloat32));
  };
  for (const auto& [name, tensor] : all_parameters(task)) read(name, tensor);
  for (const auto& [name, tensor] : optimizer.state()) read(name, tensor);
  std::vector<std::pair<std::string, torch::Tensor>> task_tensors;
  for (const std::string& name : file->names()) {
    if (!name.starts_with("t.")) continue;
    const auto view = file->find(name);
    torch::Tensor tensor = torch::empty(view->shape, torch::kFloat32);
    read(name, tensor);
    task_tensors.emplace_back(name.substr(2), tensor);
  }
  task.restore(json.at("task").get<std::string>(), task_tensors);
  return json.at("step").get<int64_t>();
}

}  // namespace realm
