#include "app/workbench/application.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>

#include "app/panels/frame.h"
#include "app/platform/window.h"
#include "app/view/workbench.h"
#include "app/workbench/frame_report.h"
#include "engine/base/atomic_file.h"
#include "engine/base/error.h"

namespace realm::workbench {
namespace {

constexpr int kFramesAfterEvent = 3;  // popups and hovers settle within three frames
constexpr double kLongestWait = 60;   // seconds
constexpr double kAnimationStep = 0.05;
constexpr int kFramesBeforePicture = 4;

view::StartOptions start_options(const Options& options, const Surroundings& surroundings) {
  view::StartOptions start;
  start.folders = view::user_folders(surroundings.environment);
  std::error_code gone;
  start.folders.working = std::filesystem::current_path(gone);
  if (!options.fresh) {
    if (const auto text = view::load_text(start.folders.config / "settings.json"))
      start.preferences = view::preferences_from_json(*text);
    if (const auto text = view::load_text(start.folders.state / "state.json"))
      start.memory = view::memory_from_json(*text);
  }
  std::error_code ignored;
  const auto holds_workspace = [&](const std::filesystem::path& folder) {
    return !folder.empty() && std::filesystem::exists(folder / "workspace.json", ignored);
  };
  const char* variable = surroundings.environment("REALM_WORKSPACE");
  const std::filesystem::path starter = start.folders.data / "starter";
  if (!options.workspace.empty()) {
    start.workspace = std::filesystem::absolute(options.workspace, ignored).lexically_normal();
    if (start.workspace.filename().empty()) start.workspace = start.workspace.parent_path();
  } else if (variable != nullptr && *variable != '\0') {
    start.workspace = std::filesystem::absolute(variable, ignored).lexically_normal();
  } else if (holds_workspace(start.memory.workspace)) {
    start.workspace = start.memory.workspace;
  } else if (holds_workspace(starter)) {
    start.workspace = starter;
  }
  // A sentence belongs to the workspace that it was asked in.
  if (start.workspace != start.memory.workspace) start.memory.sentence.clear();
  start.read_only = options.read_only;
  start.ask = options.ask;
  start.tab = options.tab;
  if (!options.ask.empty() && !options.tab) start.tab = view::Tab::kAsk;
  if (options.theme) start.preferences.theme = *options.theme;
  if (options.scale) start.preferences.scale = *options.scale;
  if (options.size) start.memory.window = *options.size;
  return start;
}

int64_t unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class Application {
 public:
  Application(const Options& options, const Surroundings& surroundings)
      : options_(options),
        surroundings_(surroundings),
        start_(start_options(options, surroundings)),
        window_("REALM workbench", start_.memory.window),
        frame_({fmt::format("{}\n{}", surroundings.about, window_.graphics())}) {
    if (options.frame_report) report_.emplace(*options.frame_report);
  }

  int run() {
    view::Effects first = bench_.start(start_);
    draw();  // the window is there before anything is loaded
    service_ = std::make_unique<EngineService>(
        EngineServiceOptions{.open_session = surroundings_.open_session,
                             .make_workspace = surroundings_.make_workspace,
                             .result_to_json = surroundings_.result_to_json,
                             .wake = &platform::Window::wake,
                             .device = options_.device,
                             .threads = options_.threads});
    training_ = std::make_unique<TrainService>(
        TrainServiceOptions{.trainer = surroundings_.trainer, .wake = &platform::Window::wake});
    machine_ =
        std::make_unique<MachineService>(MachineServiceOptions{.wake = &platform::Window::wake});
    folders_ = std::make_unique<FolderService>(&platform::Window::wake);
    background_ = std::make_unique<BackgroundWorker>(&platform::Window::wake);
    ui_.in_background = [this](std::function<void()> work) { background_->run(std::move(work)); };
    if (surroundings_.setup.make) {
      setup_ = std::make_unique<SetupService>(
          SetupServiceOptions{.functions = surroundings_.setup, .wake = &platform::Window::wake});
    }
    perform(std::move(first));
    while (!bench_.state().wants_quit && !picture_is_done_) step();
    finish();
    return exit_code_;
  }

 private:
  void step() {
    double wait = 0;
    if (frames_left_ == 0) {
      const double deadline = bench_.next_deadline();
      wait = deadline < 0 ? kLongestWait : std::min(kLongestWait, deadline + 0.005);
      if (ui_.needs_another_frame) wait = std::min(wait, kAnimationStep);
      if (ui_.next_frame_in >= 0) wait = std::min(wait, ui_.next_frame_in + 0.005);
    }
    const bool happened = window_.wait(wait);
    if (report_) report_->begin_frame();
    if (wait > 0) frames_left_ = happened ? kFramesAfterEvent : 1;
    take_news();
    draw();
    if (frames_left_ > 0) --frames_left_;
  }

  void take_news() {
    const std::shared_ptr<const view::EngineSnapshot> before = bench_.state().engine;
    perform(bench_.tick(window_.now(), unix_seconds()));
    perform(bench_.take(service_->snapshot()));
    if (bench_.state().engine != before) frames_left_ = std::max(frames_left_, 2);
    const std::shared_ptr<const view::TrainSnapshot> runs = bench_.state().train.snapshot;
    perform(bench_.take(training_->snapshot()));
    if (bench_.state().train.snapshot != runs) frames_left_ = std::max(frames_left_, 2);
    const std::shared_ptr<const view::MachineSnapshot> machine = bench_.state().machine;
    bench_.take(machine_->snapshot());
    if (bench_.state().machine != machine) frames_left_ = std::max(frames_left_, 2);
    const std::shared_ptr<const view::FolderListing> folder = bench_.state().folder;
    bench_.take(folders_->newest());
    if (bench_.state().folder != folder) frames_left_ = std::max(frames_left_, 2);
    if (setup_) {
      const std::shared_ptr<const view::SetupSnapshot> english = bench_.state().setup.snapshot;
      bench_.take(setup_->snapshot());
      if (bench_.state().setup.snapshot != english) frames_left_ = std::max(frames_left_, 2);
    }
    for (const std::string& path : window_.take_dropped()) {
      std::error_code ignored;
      const std::filesystem::path file(path);
      if (std::filesystem::is_directory(file, ignored)) {
        if (kind_of_folder(file) == view::FolderKind::kModel) {
          act(view::SuggestModel{path});
        } else {
          act(view::OpenFolder{path});
        }
      } else if (file.filename() == "workspace.json") {
        act(view::OpenFolder{file.parent_path().string()});
      } else {
        act(view::SuggestImport{path});
      }
    }
    if (window_.take_close_request()) act(view::CloseWindow{});
    window_.set_fullscreen(bench_.state().fullscreen);
  }

  void act(const view::Action& action) {
    perform(bench_.apply(action));
    frames_left_ = std::max(frames_left_, 2);
  }

  void perform(view::Effects effects) {
    for (view::Effect& effect : effects) {
      if (auto* send = std::get_if<view::SendCommand>(&effect)) {
        // A fresh window keeps nothing of its own; what is done to the corpus is done.
        if (options_.fresh && std::holds_alternative<view::WriteTextFile>(send->command.body))
          continue;
        service_->submit(std::move(send->command));
      } else if (auto* train = std::get_if<view::SendTrainCommand>(&effect)) {
        training_->submit(std::move(train->command));
      } else if (auto* english = std::get_if<view::SendSetupCommand>(&effect)) {
        if (setup_) setup_->submit(std::move(english->command));
      } else if (auto* watch = std::get_if<view::WatchMachine>(&effect)) {
        machine_->watch(std::move(*watch));
      } else if (auto* folder = std::get_if<view::LookAtFolder>(&effect)) {
        folders_->look_at(std::move(*folder));
      } else if (const auto* cancel = std::get_if<view::CancelRequest>(&effect)) {
        service_->cancel(cancel->id);
      } else if (auto* curves = std::get_if<view::DrawCurves>(&effect)) {
        service_->submit({curves->id, view::WriteCurves{curves->file, curves->picture,
                                                        window_.picture_of(*curves->picture)}});
      } else if (const auto* clipboard = std::get_if<view::SetClipboard>(&effect)) {
        ImGui::SetClipboardText(clipboard->text.c_str());
      }
    }
  }

  void draw() {
    ui_.keys.clear();
    for (view::KeyPress& key : window_.take_keys()) {
      const bool for_menu = ui_.menu_is_open && widgets::Ui::is_menu_key(key);
      const std::string_view command =
          for_menu ? std::string_view()
                   : view::command_for_key(bench_.state(), key, ImGui::GetIO().WantTextInput);
      if (command.empty()) {
        ui_.keys.push_back(std::move(key));
      } else {
        act(view::RunCommand{std::string(command)});
      }
    }
    const view::EngineSnapshot& engine = view::engine_of(bench_.state());
    window_.set_title(engine.status
                          ? fmt::format("{} \u2013 REALM workbench", engine.status->workspace_name)
                          : "REALM workbench");
    const bool without_mouse = options_.screenshot && !picture_is_written_;
    if (!window_.begin_frame(bench_.state().preferences, ui_, without_mouse)) return;
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    frame_.draw(bench_.state(), ui_, size.x, size.y);
    std::optional<std::filesystem::path> picture;
    if (options_.screenshot && !picture_is_written_ && is_settled()) {
      if (++settled_frames_ >= kFramesBeforePicture) picture = options_.screenshot;
      frames_left_ = std::max(frames_left_, 2);
    } else {
      settled_frames_ = 0;
    }
    window_.end_frame(*ui_.theme, picture);
    if (report_) report_->begin_swap();
    window_.show_frame();
    if (report_) report_->end_swap();
    if (picture) after_picture();
    for (const view::Action& action : std::exchange(ui_.actions, {})) act(action);
    if (report_ && report_->end_frame(is_settled())) frames_left_ = std::max(frames_left_, 2);
  }

  // Whether everything that was asked for is on screen.
  bool is_settled() const {
    const view::WorkbenchState& state = bench_.state();
    const view::EngineSnapshot& engine = view::engine_of(state);
    if (!service_ || engine.phase == view::EnginePhase::kOpening ||
        engine.phase == view::EnginePhase::kLoadingModel)
      return false;
    if (engine.phase == view::EnginePhase::kFailed) return true;
    if (state.tab == view::Tab::kTrain && !view::is_settled(state.train)) return false;
    constexpr size_t kTwoLooks = 2;  // one tells no share of time
    if (state.watched.on && (!state.machine || state.machine->samples.size() < kTwoLooks))
      return false;
    return state.ask.pending == 0 && state.ask.pending_pieces == 0 &&
           state.corpus.pending_page == 0 && state.corpus.pending_detail == 0;
  }

  void after_picture() {
    picture_is_written_ = true;
    picture_is_done_ = options_.exit_after_screenshot;
    const view::WorkbenchState& state = bench_.state();
    std::optional<view::Failure> failure = view::engine_of(state).failure;
    if (!failure && !options_.ask.empty()) failure = state.ask.failure;
    if (!failure && !options_.ask.empty() && !state.ask.result)
      failure = view::Failure{ErrorCode::kInvalidArgument, state.ask.hint};
    if (failure) {
      fmt::print(stderr, "realm-workbench: {}\n", failure->sentence);
      exit_code_ = 1;
    }
  }

  void finish() {
    act(view::SetWindowPlace{window_.place()});
    if (setup_) setup_->submit(view::StopSetup{});  // it goes on from there next time
    const uint64_t seen = bench_.state().last_outcome;
    // An edit on its way is waited for: only one that failed is remembered as not kept.
    while (bench_.state().corpus.form && bench_.state().corpus.form->saving != 0) {
      window_.wait(kAnimationStep);
      take_news();
    }
    // Settings are written by the rules of the state, as if a second had gone by.
    perform(bench_.tick(window_.now() + 10, unix_seconds()));
    service_->finish();
    // An edit that was on its way to the disk when the window closed, and did not get there.
    const std::shared_ptr<const view::EngineSnapshot> last = service_->snapshot();
    if (!last->outcomes) return;
    for (const view::Outcome& outcome : *last->outcomes) {
      if (outcome.id > seen && outcome.failure && outcome.failure->code != ErrorCode::kCancelled) {
        fmt::print(stderr, "realm-workbench: {}\n", outcome.failure->sentence);
        exit_code_ = 1;
      }
    }
  }

  const Options& options_;
  const Surroundings& surroundings_;
  const view::StartOptions start_;
  platform::Window window_;
  panels::Frame frame_;
  view::Workbench bench_;
  widgets::Ui ui_;
  std::optional<FrameReport> report_;
  // They go before the window, which their threads wake.
  std::unique_ptr<EngineService> service_;
  std::unique_ptr<TrainService> training_;
  std::unique_ptr<MachineService> machine_;
  std::unique_ptr<FolderService> folders_;
  std::unique_ptr<BackgroundWorker> background_;
  std::unique_ptr<SetupService> setup_;  // nullptr: it makes no workspace
  int frames_left_ = kFramesAfterEvent;
  int settled_frames_ = 0;
  bool picture_is_written_ = false, picture_is_done_ = false;
  int exit_code_ = 0;
};

}  // namespace

int run_application(const Options& options, const Surroundings& surroundings) {
  try {
    Application application(options, surroundings);
    return application.run();
  } catch (const Error& error) {
    fmt::print(stderr, "realm-workbench: {}\n", error.what());
    return 1;
  }
}

}  // namespace realm::workbench
