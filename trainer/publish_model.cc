#include "trainer/publish_model.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "engine/checkpoint/model_folder.h"
#include "storage/workspace.h"
#include "trainer/initial_model.h"
#include "trainer/saved_checkpoints.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::kNotFound, fmt::format("There is no {}.", file.string()));
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// An object whatever is there.
ordered_json object_in(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return ordered_json::object();
  ordered_json json = ordered_json::parse(text_of(file), nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : ordered_json::object();
}

// A copy on its way in; removed unless it was put in place. After a kill, the check of the
// workspace knows what is left by its name.
class ModelOnItsWay {
 public:
  explicit ModelOnItsWay(const fs::path& target) : target_(target), folder_(beside(".incoming-")) {
    fs::create_directories(target.parent_path());
    fs::remove_all(folder_);
  }
  ~ModelOnItsWay() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  ModelOnItsWay(const ModelOnItsWay&) = delete;
  ModelOnItsWay& operator=(const ModelOnItsWay&) = delete;

  const fs::path& folder() const { return folder_; }

  void put_in_place(const ordered_json& info) {
    for (const auto& part : fs::directory_iterator(folder_)) {
      if (fs::exists(part.path() / "vocab.txt"))
        fs::copy_file(part.path() / "vocab.txt", folder_ / "vocab.txt",
                      fs::copy_options::skip_existing);
    }
    write_file_atomically(folder_ / "model.json", info.dump(2) + "\n");
    const fs::path old = beside(".removed-");
    fs::remove_all(old);
    if (fs::exists(target_)) fs::rename(target_, old);
    fs::rename(folder_, target_);
    fs::remove_all(old);
    sync_folder(target_.parent_path());
  }

 private:
  fs::path beside(const char* prefix) const {
    return target_.parent_path() / (prefix + target_.filename().string());
  }
  fs::path target_, folder_;
};

// Puts the part of another model, its own files alone, into the copy.
void borrow(const ModelFolder& from, ModelPart part, const fs::path& to) {
  const fs::path source = from.load(part).path.parent_path();
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator(source)) {
    if (entry.is_regular_file()) fs::copy_file(entry.path(), to / entry.path().filename());
  }
}

// Makes a copy of what the run trains a whole model; gives what was borrowed for it.
std::string complete(const fs::path& folder, const TrainOptions& options, const std::string& run,
                     const fs::path& models) {
  const bool has_embedder = fs::exists(folder / "embedder");
  const bool has_encoder = fs::exists(folder / "encoder");
  if (has_embedder && has_encoder) return {};
  if (!has_embedder && !has_encoder) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("The run {} trains plain BERT, which retrieves nothing: it can stand "
                            "beside a model as the baseline, but cannot be asked by itself.",
                            run));
  }
  const ModelPart part = has_embedder ? ModelPart::kEncoder : ModelPart::kEmbedder;
  const std::string name(part_name(part));
  const std::string& initial = options.initial_model;
  std::optional<ModelFolder> from;
  if (!initial.empty() && fs::is_directory(models / initial))
    from = initial_part(models / initial, part);
  if (!from) {
    throw Error(
        ErrorCode::kMismatch,
        fmt::format("The run {} trains only the {}, and {} has no {} to ask it with.", run,
                    part_name(has_embedder ? ModelPart::kEmbedder : ModelPart::kEncoder),
                    initial.empty() ? "no model that it began from"
                                    : fmt::format("the model {} that it began from", initial),
                    name));
  }
  borrow(*from, part, folder / name);
  ModelFolder::open(folder).load(part).require_complete();
  return fmt::format("the {} of {}", name, initial);
}

// That what the run trains is there and can be read; what is wrong names the checkpoint's own
// files.
void require_sound(const fs::path& copy, const CheckpointFolder& checkpoint,
                   const TrainOptions& options) {
  const auto damaged = [&](const std::string& why) {
    return Error(ErrorCode::kCorruptData,
                 fmt::format("The checkpoint of step {} is damaged: {}", checkpoint.step, why));
  };
  const bool has_embedder = fs::exists(copy / "embedder");
  const bool has_encoder = fs::exists(copy / "encoder");
  const bool is_whole = options.task == TrainTask::kPretrain
                            ? has_embedder && has_encoder
                            : has_embedder || has_encoder || fs::exists(copy / "bert");
  if (!is_whole)
    throw damaged(fmt::format("{} lacks a part.", (checkpoint.folder / "models").string()));
  if (!has_embedder && !has_encoder) return;  // plain BERT, which complete() refuses
  try {
    const ModelFolder model = ModelFolder::open(copy);
    for (const ModelPart part : model.parts()) model.load(part).require_complete();
  } catch (const Error& error) {
    std::string why = error.what();
    const std::string here = copy.string();
    for (size_t at = why.find(here); at != std::string::npos; at = why.find(here, at))
      why.replace(at, here.size(), (checkpoint.folder / "models").string());
    throw damaged(why);
  }
}

ordered_json info_of(const std::string& name, int64_t step, const TrainOptions& options) {
  return {{"name", name},
          {"step", step},
          {"query_length", options.query_length},
          {"document_length", options.document_length}};
}

}  // namespace

void publish_model(const TrainOptions& options, const fs::path& run_folder) {
  const auto checkpoint = newest_checkpoint(run_folder);
  if (!checkpoint) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The run {} has no checkpoint to publish.", run_folder.string()));
  }
  const Workspace workspace = Workspace::open(options.workspace);
  try {
    ModelOnItsWay model(workspace.model_folder(options.output_model));
    fs::copy(*checkpoint / "models", model.folder(), fs::copy_options::recursive);
    model.put_in_place(info_of(options.output_model, options.steps, options));
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::kIo, fmt::format("The model {} could not be published: {}.",
                                            options.output_model, error.code().message()));
  }
}

CheckpointModel publish_checkpoint(const fs::path& run_folder, const CheckpointWish& wish) {
  const std::string run = run_folder.filename().string();
  const CheckpointFolder checkpoint = checkpoint_at(run_folder, wish.step);
  const TrainOptions options = train_options_from_json(text_of(run_folder / "config.json"));
  // Where the run lies now, which is elsewhere than it began once its workspace was moved.
  const Workspace workspace = Workspace::open(run_folder.parent_path().parent_path());
  CheckpointModel out;
  out.step = checkpoint.step;
  out.name = wish.name.empty() ? fmt::format("{}@{}", run, checkpoint.step) : wish.name;
  const fs::path target = workspace.model_folder(out.name);
  try {
    ordered_json info = info_of(out.name, checkpoint.step, options);
    info["run"] = run;
    const std::string fingerprint =
        object_in(checkpoint.folder / "state.json").value("fingerprint", "");
    info["fingerprint"] = fingerprint;
    if (fs::exists(target)) {
      const ordered_json there = object_in(target / "model.json");
      if (there.value("run", "") != run) {
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("The workspace has another model {} already.", out.name));
      }
      const bool is_same = there.value("step", int64_t{-1}) == checkpoint.step &&
                           there.value("fingerprint", "") == fingerprint;
      out.can_be_asked = fs::exists(target / "embedder") && fs::exists(target / "encoder");
      if (!is_same && !wish.name.empty()) {
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("The workspace has a model {} already, of step {} of that run; "
                                "give another name.",
                                out.name, there.value("step", int64_t{0})));
      }
      if (is_same && (out.can_be_asked || !wish.is_to_be_asked)) {
        out.borrowed = there.value("borrowed", "");
        return out;
      }
    }
    ModelOnItsWay model(target);
    fs::copy(checkpoint.folder / "models", model.folder(), fs::copy_options::recursive);
    require_sound(model.folder(), checkpoint, options);
    try {
      out.borrowed = complete(model.folder(), options, run, workspace.models_folder());
      out.can_be_asked = true;
    } catch (const Error& error) {
      if (wish.is_to_be_asked || error.code() != ErrorCode::kMismatch) throw;
      out.can_be_asked = false;
    }
    if (!out.borrowed.empty()) info["borrowed"] = out.borrowed;
    model.put_in_place(info);
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    if (!fs::exists(checkpoint.folder, ignored)) {
      throw Error(ErrorCode::kNotFound,
                  fmt::format("The checkpoint of step {} was removed while it was copied: the run "
                              "{} keeps its newest only.",
                              checkpoint.step, run));
    }
    throw Error(ErrorCode::kIo, fmt::format("The checkpoint of step {} could not be made a model: "
                                            "{}.",
                                            checkpoint.step, error.code().message()));
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("The checkpoint {} or the model {} does not say what it is.",
                            checkpoint.folder.string(), out.name));
  }
  return out;
}

}  // namespace realm
