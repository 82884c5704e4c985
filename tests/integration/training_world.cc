#include "tests/integration/training_world.h"

#include <fmt/format.h>

#include <vector>

#include "storage/corpus_store.h"
#include "storage/workspace.h"
#include "tests/support/json_file.h"

namespace realm::testing {
namespace {

namespace fs = std::filesystem;

const char* const kFirst[] = {"ar", "be", "ci", "do", "el", "fa", "gu", "hi", "jo", "ka"};

// Thirty names of a kind, each a word of the vocabulary.
std::string name(int i, const std::vector<std::string>& endings) {
  std::string out = std::string(kFirst[i % 10]) + endings[static_cast<size_t>(i / 10)];
  out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}
std::string town(int i) { return name(i, {"da", "ro", "mi"}); }
std::string founder(int i) { return name((i * 7 + 3) % 30, {"tano", "lus", "vex"}); }
std::string river(int i) { return name((i * 11 + 5) % 30, {"welo", "quin", "zor"}); }

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

std::string vocabulary() {
  std::vector<std::string> pieces = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ","};
  for (const std::string& prefix : {std::string(), std::string("##")}) {
    for (char c = 'a'; c <= 'z'; ++c) pieces.push_back(prefix + c);
    for (char c = '0'; c <= '9'; ++c) pieces.push_back(prefix + c);
  }
  for (const char* word : {"is", "in", "the", "north", "south", "its", "founder", "was", "river",
                           "there", "town", "of", "founded", "by", "at", "lies"}) {
    pieces.emplace_back(word);
  }
  for (int i = 0; i < TrainingWorld::kTowns; ++i) {
    for (const std::string& word : {town(i), founder(i), river(i)}) pieces.push_back(lower(word));
  }
  std::string out;
  for (const std::string& piece : pieces) out += piece + "\n";
  return out;
}

std::string line(const std::string& text, int i, const std::string& answer) {
  return nlohmann::json{{"text", text}, {"title", town(i)}, {"names", {town(i), answer}}}.dump() +
         "\n";
}

}  // namespace

TrainingWorld::TrainingWorld() {
  const Workspace workspace = Workspace::create(this->workspace());
  std::vector<DocumentEdit> edits;
  std::string training;
  std::string held_out;
  for (int i = 0; i < kTowns; ++i) {
    const char* const side = i % 2 == 0 ? "north" : "south";
    DocumentEdit edit;
    edit.change.title = town(i);
    edit.change.text =
        fmt::format("{} is a town in the {}. Its founder was {}. The river there is the {}.",
                    town(i), side, founder(i), river(i));
    edit.source = side;
    edits.push_back(std::move(edit));
    training +=
        line(fmt::format("The founder of {} is [[{}]].", town(i), founder(i)), i, founder(i));
    training += line(fmt::format("The river of {} is the [[{}]].", town(i), river(i)), i, river(i));
    held_out += line(fmt::format("{} was founded by [[{}]].", town(i), founder(i)), i, founder(i));
  }
  CorpusStore::open(workspace.corpus_database(), OpenMode::kReadWrite)->apply(edits);
  fs::create_directories(models() / "words");
  folder_.write("workspace/models/words/vocab.txt", vocabulary());
  folder_.write("training.jsonl", training);
  folder_.write("held_out.jsonl", held_out);
}

TrainOptions TrainingWorld::options(TrainTask task) const {
  TrainOptions o;
  o.task = task;
  o.workspace = workspace().string();
  o.training_text = (folder_ / "training.jsonl").string();
  o.held_out_text = (folder_ / "held_out.jsonl").string();
  o.initial_model = "words";
  o.output_model = to_string(task);
  o.layers = 2;
  o.hidden = 32;
  o.heads = 2;
  o.intermediate = 64;
  o.positions = 64;
  o.projection = 16;
  o.query_length = 20;
  o.document_length = 44;
  o.batch_size = 4;
  o.steps = 6;
  o.threads = 1;
  o.candidates = 3;
  o.refresh_every_steps = 3;
  o.refresh_lag_steps = 2;
  o.log_every_steps = 1;
  o.evaluate_every_steps = 6;
  o.evaluate_examples = 12;
  o.checkpoint_every_steps = 4;
  return o;
}

StoredCheckpoint newest_stored(const fs::path& run_folder) {
  StoredCheckpoint out{-1, "", "", ""};
  for (const auto& entry : fs::directory_iterator(run_folder / "checkpoints")) {
    // One that is being written has no place yet.
    if (entry.path().extension() == ".tmp" || !fs::exists(entry.path() / "state.json")) continue;
    const auto json = read_json(entry.path() / "state.json");
    if (json.at("step").get<int64_t>() <= out.step) continue;
    out = {json.at("step").get<int64_t>(), json.at("fingerprint").get<std::string>(),
           json.at("task").get<std::string>(), read_file(entry.path() / "state.safetensors")};
  }
  return out;
}

}  // namespace realm::testing
