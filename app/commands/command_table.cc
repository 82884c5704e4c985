#include "app/commands/command_table.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace realm {
namespace {

using enum CommandGroup;
using enum CommandScope;

constexpr bool kWindow = true, kNoWindow = false, kCli = true, kNoCli = false;

// Columns: id, title, chord, other chord, usage on the command line, help, group, scope, where.
constexpr std::array kCommands = {
    CommandInfo{"file.open_workspace", "Open workspace…", "Ctrl+O", "", "",
                "Opens another workspace folder.", kFile, kAnywhere, kWindow, kNoCli},
    CommandInfo{"file.new_workspace", "New workspace…", "", "", "",
                "Makes an empty workspace for passages and models of your own, and opens it.",
                kFile, kAnywhere, kWindow, kNoCli},
    CommandInfo{"file.setup_starter", "Make the starter workspace", "", "", "setup starter [DIR]",
                "Makes the starter workspace from the program's own assets, offline.", kFile,
                kAnywhere, kNoWindow, kCli},
    CommandInfo{"file.setup_english", "Make the English workspace", "", "",
                "setup english [DIR] [--gcide] [--no-model] [--base DIR]",
                "Makes the English workspace from free reference works, which are fetched as "
                "packages; goes on where it was stopped.",
                kFile, kAnywhere, kNoWindow, kCli},
    CommandInfo{"file.get_english", "Get the English workspace…", "", "", "",
                "Makes the English workspace from free reference works, which are fetched as "
                "packages, while the window goes on; what is stopped goes on later.",
                kFile, kAnywhere, kWindow, kNoCli},
    CommandInfo{
        "file.init", "Make a workspace", "", "", "init DIR [--model M] [--baseline M]",
        "Makes an empty workspace; M is a model folder in Hugging Face layout, which is copied in.",
        kFile, kAnywhere, kNoWindow, kCli},
    CommandInfo{"file.export_result", "Export result…", "Ctrl+E", "", "",
                "Writes the result on screen to a JSON file with the fields of realm ask --json.",
                kFile, kAnywhere, kWindow, kNoCli},
    CommandInfo{"file.check", "Check workspace", "", "", "check [--repair]",
                "Compares counts, fingerprints, the search table and the index; exit code 1 when "
                "something is wrong.",
                kFile, kAnywhere, kNoWindow, kCli},
    CommandInfo{"file.quit", "Quit", "Ctrl+Q", "", "",
                "Closes the window; every kept edit is already on disk.", kFile, kAnywhere, kWindow,
                kNoCli},

    CommandInfo{"edit.undo", "Undo", "Ctrl+Z", "", "doc undo",
                "Takes back the last edit or import of the corpus.", kEdit, kAnywhere, kWindow,
                kCli},
    CommandInfo{"edit.redo", "Redo", "Ctrl+Shift+Z", "Ctrl+Y", "doc redo",
                "Makes the last undone edit or import again.", kEdit, kAnywhere, kWindow, kCli},

    CommandInfo{
        "ask.run", "Predict the hidden word", "Enter", "Ctrl+Enter",
        "ask TEXT [--answer W] [--watch W]... [--k N] [--words N] [--pin ID]... [--exclude ID]... "
        "[--exact-sum]",
        "Retrieves passages for the sentence and predicts what is hidden, with every probability.",
        kAsk, kAskWorkspace, kWindow, kCli},
    CommandInfo{"ask.retrieve", "Retrieve passages", "", "",
                "retrieve TEXT [--k N] [--mode dense|bm25]",
                "Lists the passages for a sentence with score and p(z|x).", kAsk, kAnywhere,
                kNoWindow, kCli},
    CommandInfo{"ask.cancel", "Cancel", "Esc", "", "", "Stops the prediction that is being made.",
                kAsk, kAskWorkspace, kWindow, kNoCli},
    CommandInfo{"ask.focus_sentence", "Go to the sentence", "Ctrl+L", "", "",
                "Puts the cursor into the sentence field.", kAsk, kAnywhere, kWindow, kNoCli},
    CommandInfo{"ask.mask_word", "Hide or show the word", "Ctrl+M", "", "",
                "Hides the word at the cursor and keeps it as the right answer, or shows it again.",
                kAsk, kAskWorkspace, kWindow, kNoCli},
    CommandInfo{"ask.suggest_word", "Hide the next name, date or number", "Ctrl+Shift+M", "", "",
                "Hides what is worth asking about, one after the other; the rest is shown again.",
                kAsk, kAskWorkspace, kWindow, kNoCli},
    CommandInfo{"ask.previous_query", "Previous question", "Alt+Left", "", "",
                "Goes back to the question asked before.", kAsk, kAskWorkspace, kWindow, kNoCli},
    CommandInfo{"ask.next_query", "Next question", "Alt+Right", "", "",
                "Goes forward to the question asked after.", kAsk, kAskWorkspace, kWindow, kNoCli},
    CommandInfo{"ask.watch_word", "Watch a word…", "Ctrl+W", "", "",
                "Reports the probability and rank of a word of your own, however small.", kAsk,
                kAskWorkspace, kWindow, kNoCli},
    CommandInfo{
        "ask.watch_query", "Watch this query in training", "", "", "",
        "Keeps the query with its answer for the runs that are begun from now on, which ask "
        "it at every measurement; of the passage that is read they follow the rank.",
        kAsk, kAnywhere, kWindow, kNoCli},
    CommandInfo{"ask.pin_result", "Pin result to compare", "Ctrl+P", "", "",
                "Keeps this result beside every later one.", kAsk, kAskWorkspace, kWindow, kNoCli},
    CommandInfo{"ask.pin_document", "Pin passage", "", "", "",
                "Keeps the chosen passage among the candidates.", kAsk, kAskWorkspace, kWindow,
                kNoCli},
    CommandInfo{"ask.exclude_document", "Exclude passage here", "", "", "",
                "Leaves the chosen passage out of this question.", kAsk, kAskWorkspace, kWindow,
                kNoCli},
    CommandInfo{"ask.exact_sum", "Sum over the whole corpus", "", "", "",
                "Also sums over all passages, and says how much the candidates leave out.", kAsk,
                kAskWorkspace, kWindow, kNoCli},
    CommandInfo{"ask.copy_result", "Copy result as JSON", "Ctrl+Shift+C", "", "",
                "Puts the result on the clipboard with the fields of realm ask --json.", kAsk,
                kAskWorkspace, kWindow, kNoCli},
    CommandInfo{"ask.examples", "Show examples", "Ctrl+Shift+E", "", "",
                "Opens the gallery of example sentences.", kAsk, kAnywhere, kWindow, kNoCli},

    CommandInfo{"corpus.search", "Search the corpus", "Ctrl+F", "",
                "doc search [Q] [--source NAME | --not-source NAME] [--contains TEXT] "
                "[--not-contains TEXT] [--regex E] [--empty title|source] "
                "[--sort id|title|words|source] [--descending] [--limit N] [--offset N]",
                "Finds passages by words, \"phrases\" and -words to leave out, and by filters.",
                kCorpus, kAnywhere, kWindow, kCli},
    CommandInfo{"corpus.filters", "Filter the corpus", "Ctrl+Shift+R", "", "",
                "Shows or hides the filters: source, what a text contains or lacks, a regular "
                "expression, what is empty.",
                kCorpus, kAnywhere, kWindow, kNoCli},
    CommandInfo{"corpus.search_next", "Next hit", "F3", "", "", "Goes to the next passage found.",
                kCorpus, kCorpusTable, kWindow, kNoCli},
    CommandInfo{"corpus.search_previous", "Previous hit", "Shift+F3", "", "",
                "Goes to the passage found before.", kCorpus, kCorpusTable, kWindow, kNoCli},
    CommandInfo{"corpus.show", "Show a passage", "", "", "doc show ID",
                "Shows one passage with its source and revision.", kCorpus, kAnywhere, kNoWindow,
                kCli},
    CommandInfo{"corpus.add", "Add passage", "Ctrl+N", "",
                "doc add --title T --text X [--source NAME]",
                "Adds a passage; the index follows at once.", kCorpus, kCorpusTable, kWindow, kCli},
    CommandInfo{"corpus.edit", "Edit passage", "F2", "", "doc edit ID [--title T] [--text X]",
                "Changes a passage; the index follows at once.", kCorpus, kCorpusTable, kWindow,
                kCli},
    CommandInfo{"corpus.keep", "Keep the edit", "Ctrl+S", "", "",
                "Writes the passage being edited to the corpus.", kCorpus, kCorpusEditing, kWindow,
                kNoCli},
    CommandInfo{"corpus.leave", "Leave the edit", "Esc", "", "", "Leaves the passage as it was.",
                kCorpus, kCorpusEditing, kWindow, kNoCli},
    CommandInfo{"corpus.delete", "Delete passage", "Delete", "", "doc delete ID",
                "Deletes a passage; undo brings it back.", kCorpus, kCorpusTable, kWindow, kCli},
    CommandInfo{"corpus.log", "Show revisions", "", "", "doc log [ID] [--limit N]",
                "Lists who changed what and when, for one passage or the whole corpus.", kCorpus,
                kAnywhere, kWindow, kCli},
    CommandInfo{"corpus.import", "Import passages…", "", "",
                "import FILE... [--format jsonl|tsv|text|wikiextractor] [--max-wordpieces N] "
                "[--source NAME] "
                "[--licence L] [--dry-run]",
                "Adds the passages of files, splits long ones, and counts what it skipped and why.",
                kCorpus, kAnywhere, kWindow, kCli},
    CommandInfo{"corpus.export", "Export passages…", "", "", "export FILE [--format jsonl|tsv]",
                "Writes the whole corpus to a file.", kCorpus, kAnywhere, kWindow, kCli},

    CommandInfo{"index.build", "Update the index", "F5", "",
                "index [--type exact|FAISS-FACTORY] [--rebuild]",
                "Embeds the passages whose vectors are missing or old and publishes the index.",
                kIndex, kAnywhere, kWindow, kCli},

    CommandInfo{"model.import", "Import a model…", "", "", "model import DIR --as NAME",
                "Copies a model folder into the workspace; every tensor is accounted for.", kModel,
                kAnywhere, kWindow, kCli},
    CommandInfo{"model.export", "Export a model", "", "", "model export NAME DIR [--half]",
                "Writes a model as Hugging Face folders.", kModel, kAnywhere, kNoWindow, kCli},
    CommandInfo{"model.list", "Models…", "", "", "model list", "Lists the workspace's models.",
                kModel, kAnywhere, kWindow, kCli},
    CommandInfo{"model.info", "Show a model", "", "", "model info NAME",
                "Shows a model's parts, sizes, fingerprint.", kModel, kAnywhere, kNoWindow, kCli},
    CommandInfo{"model.use", "Use a model", "", "", "model use NAME [--as model|baseline]",
                "Makes a model the one that questions are asked of, or the baseline beside it.",
                kModel, kAnywhere, kNoWindow, kCli},
    CommandInfo{"model.remove", "Remove a model", "", "", "model remove NAME [--yes]",
                "Removes a model that is not in use.", kModel, kAnywhere, kNoWindow, kCli},
    CommandInfo{"model.use_before", "Use the model before", "", "", "",
                "Goes back to the model in use before.", kModel, kAnywhere, kWindow, kNoCli},

    CommandInfo{"train.new", "New run…", "Ctrl+Shift+N", "", "",
                "Opens the form for a new training run.", kTrain, kAnywhere, kWindow, kNoCli},
    CommandInfo{"train.start", "Start the run", "Ctrl+Enter", "",
                "train TASK [--preset P] [--config F] [--set KEY=VALUE]... [--ranks N] [--detach] "
                "[--dry-run] [--help-options] [--slurm [--show-script]] | train --resume RUN",
                "Trains vocabulary, mlm, ict or pretrain in a process of its own or by Slurm.",
                kTrain, kTrainWorkspace, kWindow, kCli},
    CommandInfo{"train.leave", "Leave the form", "Esc", "", "", "Goes back to the runs.", kTrain,
                kTrainWorkspace, kWindow, kNoCli},
    CommandInfo{"train.list", "List runs", "", "", "runs list",
                "Lists training runs with their state and step.", kTrain, kAnywhere, kNoWindow,
                kCli},
    CommandInfo{"train.show", "Show a run", "", "", "runs show RUN",
                "Shows a run: state, step, newest checkpoint.", kTrain, kAnywhere, kNoWindow, kCli},
    CommandInfo{"train.metrics", "Show a run's numbers", "", "", "runs metrics RUN [--name N]",
                "Writes a run's recorded numbers, one a line.", kTrain, kAnywhere, kNoWindow, kCli},
    CommandInfo{"train.probes", "Show a run's probes", "", "", "runs probes RUN [--name N]",
                "Writes what a run's probe queries gave at each step, one a line.", kTrain,
                kAnywhere, kNoWindow, kCli},
    CommandInfo{"train.follow", "Follow a run", "", "", "runs follow RUN",
                "Writes what a run reports until it ends.", kTrain, kAnywhere, kNoWindow, kCli},
    CommandInfo{"train.stop", "Save and stop the run", "", "", "runs stop RUN [--now]",
                "Asks a run to save and stop; --now to stop without saving.", kTrain, kAnywhere,
                kWindow, kCli},
    CommandInfo{"train.stop_now", "Stop the run without saving", "", "", "",
                "Asks a run to stop at once; it can go on from its newest checkpoint.", kTrain,
                kAnywhere, kWindow, kNoCli},
    CommandInfo{"train.pause", "Pause the run", "", "", "runs pause RUN", "Asks a run to wait.",
                kTrain, kAnywhere, kWindow, kCli},
    CommandInfo{"train.resume", "Go on with the run", "", "", "runs resume RUN",
                "Asks a run that waits to go on; in the window also one that has ended before its "
                "last step, from its newest checkpoint.",
                kTrain, kAnywhere, kWindow, kCli},
    CommandInfo{"train.checkpoint", "Checkpoint now", "", "", "runs save RUN",
                "Asks a run to save a checkpoint and go on.", kTrain, kAnywhere, kWindow, kCli},
    CommandInfo{"train.refresh", "Refresh the run's index now", "", "", "runs refresh RUN",
                "Asks a run to embed its corpus with the weights of now.", kTrain, kAnywhere,
                kWindow, kCli},
    CommandInfo{"train.ask_checkpoint", "Ask the run's checkpoint", "", "",
                "runs checkpoint RUN [--step N] [--as NAME] [--use]",
                "Makes a run's checkpoint a model to ask.", kTrain, kAnywhere, kWindow, kCli},
    CommandInfo{"train.extend", "Extend the run…", "", "", "runs extend RUN STEPS",
                "Gives a run that has ended more steps; in the window it goes on with them.",
                kTrain, kAnywhere, kWindow, kCli},
    CommandInfo{"train.note", "Write about the run", "", "",
                "runs note RUN [--tags A,B] [--note TEXT]", "Keeps tags and a note with a run.",
                kTrain, kAnywhere, kWindow, kCli},
    CommandInfo{"train.delete", "Delete the run", "Delete", "", "runs delete RUN",
                "Deletes a run that has ended; in the window it can be put back until that closes.",
                kTrain, kTrainWorkspace, kWindow, kCli},
    CommandInfo{"train.undelete", "Put the deleted run back", "", "", "",
                "Takes the run that was deleted last out of the trash.", kTrain, kAnywhere, kWindow,
                kNoCli},

    CommandInfo{"evaluate.run", "Score a question file", "", "",
                "eval SET [--task cloze|retrieval] [--limit N] [--out FILE]",
                "Asks every item of a file and reports how often the answer was right.", kEvaluate,
                kAnywhere, kNoWindow, kCli},
    CommandInfo{"evaluate.spans", "Find salient spans", "", "",
                "spans [TEXT...] [--file F] [--eval MARKED] [--tagger rules|MODEL] [--gazetteer]",
                "Shows the names, dates and numbers of a text, or how many of the marked ones are "
                "found.",
                kEvaluate, kAnywhere, kNoWindow, kCli},
    CommandInfo{"evaluate.bench", "Run the benchmarks", "", "", "bench [NAME...]",
                "Runs the project's own benchmarks.", kEvaluate, kAnywhere, kNoWindow, kCli},

    CommandInfo{"view.ask", "Ask", "Ctrl+1", "", "", "Shows the Ask workspace.", kView, kAnywhere,
                kWindow, kNoCli},
    CommandInfo{"view.corpus", "Corpus", "Ctrl+2", "", "", "Shows the Corpus workspace.", kView,
                kAnywhere, kWindow, kNoCli},
    CommandInfo{"view.train", "Train", "Ctrl+3", "", "", "Shows the Train workspace.", kView,
                kAnywhere, kWindow, kNoCli},
    CommandInfo{"view.log_scale", "Logarithmic probabilities", "Ctrl+Shift+L", "", "",
                "Switches probability bars between linear and logarithmic.", kView, kAnywhere,
                kWindow, kNoCli},
    CommandInfo{"view.pieces", "Word pieces", "Ctrl+Shift+I", "", "",
                "Shows the sentence in the pieces that the model reads.", kView, kAnywhere, kWindow,
                kNoCli},
    CommandInfo{"view.zoom_pane", "One pane alone", "Ctrl+Shift+F", "", "",
                "Fills the workspace with the pane in use, or goes back; as does a double click on "
                "its title.",
                kView, kAnywhere, kWindow, kNoCli},
    CommandInfo{"view.theme", "Switch light and dark", "Ctrl+Shift+T", "", "",
                "Switches between light and dark.", kView, kAnywhere, kWindow, kNoCli},
    CommandInfo{"view.scale_up", "Larger", "Ctrl+=", "Ctrl+Plus", "", "Makes everything larger.",
                kView, kAnywhere, kWindow, kNoCli},
    CommandInfo{"view.scale_down", "Smaller", "Ctrl+-", "", "", "Makes everything smaller.", kView,
                kAnywhere, kWindow, kNoCli},
    CommandInfo{"view.scale_reset", "Normal size", "Ctrl+0", "", "",
                "Goes back to the normal size.", kView, kAnywhere, kWindow, kNoCli},
    CommandInfo{"view.reset_layout", "Reset layout", "", "", "",
                "Puts every pane back to its first size.", kView, kAnywhere, kWindow, kNoCli},
    CommandInfo{"view.fullscreen", "Full screen", "F11", "", "", "Fills the screen, or goes back.",
                kView, kAnywhere, kWindow, kNoCli},

    CommandInfo{"help.palette", "Find a command…", "Ctrl+Shift+P", "", "",
                "Finds a command by a few of its letters.", kHelp, kAnywhere, kWindow, kNoCli},
    CommandInfo{"help.shortcuts", "Shortcuts and help", "F1", "", "",
                "Lists every command with its chord.", kHelp, kAnywhere, kWindow, kNoCli},
    CommandInfo{"help.about", "About REALM workbench", "", "", "",
                "Names the versions of the program and its libraries.", kHelp, kAnywhere, kWindow,
                kNoCli},
};

}  // namespace

std::span<const CommandInfo> command_table() noexcept { return kCommands; }

std::string_view command_group_title(CommandGroup group) noexcept {
  switch (group) {
    case kFile:
      return "File";
    case kEdit:
      return "Edit";
    case kAsk:
      return "Ask";
    case kCorpus:
      return "Corpus";
    case kIndex:
      return "Index";
    case kModel:
      return "Model";
    case kTrain:
      return "Train";
    case kEvaluate:
      return "Evaluate";
    case kView:
      return "View";
    case kHelp:
      return "Help";
  }
  return "";
}

const CommandInfo* find_command(std::string_view id) noexcept {
  for (const CommandInfo& command : kCommands) {
    if (command.id == id) return &command;
  }
  return nullptr;
}

std::string_view cli_words(const CommandInfo& command) noexcept {
  const std::string_view usage = command.cli_usage;
  size_t end = 0;
  while (end < usage.size()) {
    size_t word_end = usage.find(' ', end);
    if (word_end == std::string_view::npos) word_end = usage.size();
    const std::string_view word = usage.substr(end, word_end - end);
    if (!std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; })) break;
    end = word_end + 1;
  }
  return usage.substr(0, end == 0 ? 0 : std::min(end - 1, usage.size()));
}

const CommandInfo* find_cli_command(std::string_view words) noexcept {
  for (const CommandInfo& command : kCommands) {
    if (command.in_cli && cli_words(command) == words) return &command;
  }
  return nullptr;
}

std::optional<Chord> parse_chord(std::string_view text) noexcept {
  Chord chord;
  while (true) {
    const size_t plus = text.find('+');
    if (plus == std::string_view::npos || plus == 0) break;
    const std::string_view modifier = text.substr(0, plus);
    if (modifier == "Ctrl" && !chord.ctrl) {
      chord.ctrl = true;
    } else if (modifier == "Shift" && !chord.shift) {
      chord.shift = true;
    } else if (modifier == "Alt" && !chord.alt) {
      chord.alt = true;
    } else {
      return std::nullopt;
    }
    text.remove_prefix(plus + 1);
  }
  if (text.empty()) return std::nullopt;
  chord.key = text;
  return chord;
}

}  // namespace realm
