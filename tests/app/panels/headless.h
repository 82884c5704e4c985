// A window without a window: the whole frame drawn by Dear ImGui without a display, driven by a
// Workbench, with mouse and keys given by the test and widgets found by name. Debian's Dear ImGui
// checks its own use and aborts on a misuse, so that every frame drawn here is a test of that too.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/frame.h"
#include "app/view/workbench.h"
#include "tests/app/view/fake_session.h"

namespace realm::testing {

class Headless {
 public:
  explicit Headless(float width = 1280, float height = 800);
  ~Headless();
  Headless(const Headless&) = delete;
  Headless& operator=(const Headless&) = delete;

  // Draws frames; what the user did goes to the workbench, as in the window. Effects are kept.
  void frames(int count = 2);

  // The engine side, played by the test.
  void publish(view::EngineSnapshot snapshot);
  view::EngineSnapshot next_snapshot() const;  // a copy of the last, one version on
  void open(SessionStatus status = ready_status(), int examples = 3);
  void answer(AskResult result);  // to the question that is pending
  // The sentence in the pieces that the engine has read it in.
  void read_sentence(SentenceReading reading);
  void show_page(std::vector<DocumentRow> rows, int64_t total = -1);
  void show_document(const Document& document, std::vector<RevisionEntry> revisions = {});
  static SessionStatus ready_status();
  // The thread that looks after runs: its next snapshot, of the workspace that is open.
  void show_runs(view::TrainSnapshot snapshot);
  // The thread that makes the English workspace: its next snapshot.
  void show_setup(view::SetupSnapshot snapshot);
  template <typename T>
  const T* sent_to_setup() const {
    for (auto effect = effects_.rbegin(); effect != effects_.rend(); ++effect) {
      if (const auto* send = std::get_if<view::SendSetupCommand>(&*effect)) {
        if (const auto* command = std::get_if<T>(&send->command)) return command;
      }
    }
    return nullptr;
  }
  // The last command of this kind that was sent to it; nullptr: none.
  template <typename T>
  const T* sent_to_training() const {
    for (auto effect = effects_.rbegin(); effect != effects_.rend(); ++effect) {
      if (const auto* send = std::get_if<view::SendTrainCommand>(&*effect)) {
        if (const auto* body = std::get_if<T>(&send->command.body)) return body;
      }
    }
    return nullptr;
  }

  void apply(const view::Action& action);
  void ask(const std::string& text);

  // The user. Each fails the test when there is no such widget on screen.
  void click(const std::string& name);
  void double_click(const std::string& name);
  void right_click(const std::string& name);
  void hover(const std::string& name);
  void drag(const std::string& name, float by_x, float by_y);
  void type(std::string_view text);
  void press(const std::string& key, bool ctrl = false, bool shift = false, bool alt = false);

  void type_each(std::string_view text);  // one character a frame, and none after
  // The key goes down, and no frame is drawn yet.
  void press_without_waiting(const std::string& key, bool ctrl, bool shift) {
    keys_.push_back({.ctrl = ctrl, .shift = shift, .alt = false, .key = key});
  }

  bool has(const std::string& name) const { return widgets_.count(name) > 0; }
  view::Box box(const std::string& name) const;

  const view::WorkbenchState& state() const { return bench_.state(); }
  view::Workbench& bench() { return bench_; }
  // The last command of this kind that was sent to the engine; nullptr: none.
  template <typename T>
  const T* sent() const {
    for (auto effect = effects_.rbegin(); effect != effects_.rend(); ++effect) {
      if (const auto* send = std::get_if<view::SendCommand>(&*effect)) {
        if (const auto* body = std::get_if<T>(&send->command.body)) return body;
      }
    }
    return nullptr;
  }
  const view::Effects& effects() const { return effects_; }
  void forget_effects() { effects_.clear(); }
  void set_theme(view::ThemeKind theme) { theme_ = theme; }
  void resize(float width, float height);
  int vertices() const { return vertices_; }  // drawn in the last frame
  // The thread of work that takes longer than a frame; without one it is done at once.
  void set_background(std::function<void(std::function<void()>)> run) {
    ui_.in_background = std::move(run);
  }

 private:
  void frame();
  void mouse_to(const std::string& name);
  void mouse_button(int button, bool down);

  view::Workbench bench_;
  panels::Frame frame_;
  widgets::Ui ui_;
  widgets::WidgetMap widgets_;
  view::Effects effects_;
  std::vector<view::KeyPress> keys_;
  view::ThemeKind theme_ = view::ThemeKind::kLight;
  float width_, height_;
  int vertices_ = 0;
  double now_ = 0;
};

}  // namespace realm::testing
