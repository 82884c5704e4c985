// What the benchmarks run on: the starter's corpus, questions and model, a starter workspace made
// by `realm setup starter`, and a model of random weights. What is made is made once, at first use,
// in a temporary folder that goes with the process. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/realm_engine.h"
#include "engine/text/corpus.h"

namespace realm::benchmarks {

// The temporary folder.
const std::filesystem::path& scratch_folder();

// A program built beside this one. Throws where it is not there.
std::filesystem::path program(const std::string& name);

std::filesystem::path starter_model();
std::filesystem::path starter_workspace();

// All passages of the starter, or `count` of them from all over it.
std::vector<Document> starter_passages();
std::vector<Document> starter_passages(size_t count);

// The example sentences of the window, then the test questions that neither add nor edit a passage,
// `count` in all from all over the sets.
std::vector<std::string> starter_questions(size_t count);

// The test questions about things that the starter's training never names, each with its passage:
// a training text.
std::filesystem::path starter_questions_file();

// A REALM folder with six layers of width 384 and random weights, like the MiniLM models that embed
// corpora elsewhere; its vocabulary of 30,522 pieces begins with the starter's.
std::filesystem::path random_model_6x384();

std::unique_ptr<RealmEngine> open_engine(const std::filesystem::path& model, int threads = 0);

}  // namespace realm::benchmarks
