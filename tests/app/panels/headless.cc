#include "tests/app/panels/headless.h"

#include <gtest/gtest.h>
#include <imgui.h>

#include <utility>

namespace realm::testing {
namespace {

constexpr double kFrameSeconds = 1 / 60.0;

void set_mouse_position(float x, float y) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMousePosEvent(x, y);
#else
  ImGui::GetIO().MousePos = {x, y};
#endif
}

}  // namespace

Headless::Headless(float width, float height)
    : frame_({"version 1\nlibrary 2"}), width_(width), height_(height) {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.DisplaySize = {width, height};
  ImFontConfig config;
  config.SizePixels = 15;
  ImFont* font = io.Fonts->AddFontDefault(&config);
  unsigned char* pixels = nullptr;
  int texture_width = 0, texture_height = 0;
  io.Fonts->GetTexDataAsRGBA32(&pixels, &texture_width, &texture_height);
  ui_.fonts = {font, font, font, font, font, font};
  ui_.widgets = &widgets_;
#if IMGUI_VERSION_NUM < 18700
  io.KeyMap[ImGuiKey_Enter] = 1;
  io.KeyMap[ImGuiKey_Backspace] = 2;
  io.KeyMap[ImGuiKey_Tab] = 3;
#endif
  view::StartOptions options;
  options.workspace = "/home/ada/starter";
  options.folders.data = "/home/ada/data";
  for (view::Effect& effect : bench_.start(options)) effects_.push_back(std::move(effect));
  set_mouse_position(-1, -1);
  frames(2);
}

Headless::~Headless() { ImGui::DestroyContext(); }

void Headless::frame() {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {width_, height_};
  io.DeltaTime = static_cast<float>(kFrameSeconds);
  now_ += kFrameSeconds;
  for (view::Effect& effect : bench_.tick(now_)) effects_.push_back(std::move(effect));
  ui_.theme = &view::theme_of(theme_);
  ui_.now = now_;
  ui_.keys.clear();
  for (view::KeyPress& key : std::exchange(keys_, {})) {
    const bool for_menu = ui_.menu_is_open && widgets::Ui::is_menu_key(key);
    const std::string_view command =
        for_menu ? std::string_view()
                 : view::command_for_key(bench_.state(), key, io.WantTextInput);
    if (command.empty()) {
      ui_.keys.push_back(std::move(key));
    } else {
      apply(view::RunCommand{std::string(command)});
    }
  }
  widgets_.clear();
  ImGui::NewFrame();
  frame_.draw(bench_.state(), ui_, width_, height_);
  ImGui::Render();
  vertices_ = ImGui::GetDrawData()->TotalVtxCount;
  for (const view::Action& action : std::exchange(ui_.actions, {})) apply(action);
}

void Headless::frames(int count) {
  for (int i = 0; i < count; ++i) frame();
}

void Headless::show_setup(view::SetupSnapshot snapshot) {
  const auto& before = bench_.state().setup.snapshot;
  snapshot.version = before ? before->version + 1 : 1;
  bench_.take(std::make_shared<const view::SetupSnapshot>(std::move(snapshot)));
  frames(2);
}

void Headless::show_runs(view::TrainSnapshot snapshot) {
  const auto& before = bench_.state().train.snapshot;
  snapshot.version = before ? before->version + 1 : 1;
  snapshot.folder = view::engine_of(bench_.state()).folder;
  snapshot.is_known = true;
  if (!snapshot.runs) snapshot.runs = std::make_shared<const std::vector<RunSummary>>();
  if (!snapshot.deleted) snapshot.deleted = std::make_shared<const std::vector<RunSummary>>();
  if (!snapshot.outcomes)
    snapshot.outcomes = std::make_shared<const std::vector<view::TrainOutcome>>();
  for (view::Effect& effect :
       bench_.take(std::make_shared<const view::TrainSnapshot>(std::move(snapshot)))) {
    effects_.push_back(std::move(effect));
  }
  frames(2);
}

void Headless::apply(const view::Action& action) {
  for (view::Effect& effect : bench_.apply(action)) effects_.push_back(std::move(effect));
}

view::EngineSnapshot Headless::next_snapshot() const {
  view::EngineSnapshot snapshot = view::engine_of(bench_.state());
  ++snapshot.version;
  return snapshot;
}

void Headless::publish(view::EngineSnapshot snapshot) {
  for (view::Effect& effect :
       bench_.take(std::make_shared<view::EngineSnapshot>(std::move(snapshot)))) {
    effects_.push_back(std::move(effect));
  }
  frames(2);
}

SessionStatus Headless::ready_status() {
  SessionStatus status;
  status.workspace_name = "starter";
  status.active_model = "starter";
  ModelCard model;
  model.name = "starter";
  model.step = 411;
  status.model = model;
  status.corpus_name = "starter";
  status.corpus_documents = 2941;
  status.corpus_revision = 12;
  status.index.type = "exact";
  status.index.vectors = 2941;
  status.index.matches_model = true;
  return status;
}

void Headless::open(SessionStatus status, int examples) {
  view::EngineSnapshot snapshot = next_snapshot();
  snapshot.phase = view::EnginePhase::kReady;
  snapshot.status = std::make_shared<SessionStatus>(std::move(status));
  std::vector<view::Example> gallery;
  for (int i = 0; i < examples; ++i)
    gallery.push_back({"Example", "3 is a [[Fermat]] prime.", "A note."});
  snapshot.examples = std::make_shared<const std::vector<view::Example>>(std::move(gallery));
  snapshot.sources = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"mathematics", "rivers"});
  publish(std::move(snapshot));
}

void Headless::ask(const std::string& text) {
  apply(view::UseSentence{text});
  frames(2);
}

void Headless::answer(AskResult result) {
  view::EngineSnapshot snapshot = next_snapshot();
  auto reply = std::make_shared<view::AskReply>();
  reply->id = state().ask.pending;
  reply->query = result.query;
  reply->result = std::make_shared<AskResult>(std::move(result));
  snapshot.ask = reply;
  publish(std::move(snapshot));
}

void Headless::read_sentence(SentenceReading reading) {
  view::EngineSnapshot snapshot = next_snapshot();
  auto reply = std::make_shared<view::SentenceReply>();
  reply->id = state().ask.pending_pieces;
  reply->text = state().ask.pieces_text;
  reply->reading = std::move(reading);
  snapshot.sentence = reply;
  publish(std::move(snapshot));
}

void Headless::show_page(std::vector<DocumentRow> rows, int64_t total) {
  view::EngineSnapshot snapshot = next_snapshot();
  auto reply = std::make_shared<view::PageReply>();
  reply->id = state().corpus.pending_page;
  reply->page.query = view::page_query(state().corpus);
  reply->page.total = total < 0 ? static_cast<int64_t>(rows.size()) : total;
  reply->page.rows = std::move(rows);
  snapshot.page = reply;
  publish(std::move(snapshot));
}

void Headless::show_document(const Document& document, std::vector<RevisionEntry> revisions) {
  view::EngineSnapshot snapshot = next_snapshot();
  auto reply = std::make_shared<view::DocumentReply>();
  reply->id = state().corpus.pending_detail;
  reply->document_id = document.id;
  reply->document = document;
  reply->revisions = std::move(revisions);
  snapshot.document = reply;
  publish(std::move(snapshot));
}

view::Box Headless::box(const std::string& name) const {
  const auto found = widgets_.find(name);
  EXPECT_NE(found, widgets_.end()) << "there is no widget " << name << " on screen";
  return found == widgets_.end() ? view::Box{} : found->second;
}

void Headless::mouse_to(const std::string& name) {
  const view::Box at = box(name);
  set_mouse_position(at.x + at.width / 2, at.y + at.height / 2);
  frame();
}

void Headless::mouse_button(int button, bool down) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMouseButtonEvent(button, down);
#else
  ImGui::GetIO().MouseDown[button] = down;
#endif
  frame();
}

void Headless::click(const std::string& name) {
  now_ += 1;  // far enough from the last click not to be a double click
  ImGui::GetIO().DeltaTime = 1;
  frames(40);
  mouse_to(name);
  mouse_button(0, true);
  mouse_button(0, false);
  frames(2);
}

void Headless::double_click(const std::string& name) {
  frames(40);
  mouse_to(name);
  for (int i = 0; i < 2; ++i) {
    mouse_button(0, true);
    mouse_button(0, false);
  }
  frames(2);
}

void Headless::right_click(const std::string& name) {
  mouse_to(name);
  mouse_button(1, true);
  mouse_button(1, false);
  frames(2);
}

void Headless::hover(const std::string& name) {
  mouse_to(name);
  frames(40);  // long enough for a tooltip
}

void Headless::drag(const std::string& name, float by_x, float by_y) {
  frames(40);
  mouse_to(name);
  const ImVec2 from = ImGui::GetIO().MousePos;
  mouse_button(0, true);
  for (int i = 1; i <= 4; ++i) {
    set_mouse_position(from.x + by_x * static_cast<float>(i) / 4,
                       from.y + by_y * static_cast<float>(i) / 4);
    frame();
  }
  mouse_button(0, false);
  frames(2);
}

void Headless::type(std::string_view text) {
  ImGui::GetIO().AddInputCharactersUTF8(std::string(text).c_str());
  frames(2 + static_cast<int>(text.size()));
}

void Headless::type_each(std::string_view text) {
  for (const char c : text) {
    ImGui::GetIO().AddInputCharacter(static_cast<unsigned int>(c));
    frame();
  }
}

void Headless::press(const std::string& key, bool ctrl, bool shift, bool alt) {
  keys_.push_back({.ctrl = ctrl, .shift = shift, .alt = alt, .key = key});
  ImGuiIO& io = ImGui::GetIO();
  // Dear ImGui's own fields see the few keys that tests press in them.
#if IMGUI_VERSION_NUM >= 18700
  const ImGuiKey imgui_key = key == "Enter"       ? ImGuiKey_Enter
                             : key == "Backspace" ? ImGuiKey_Backspace
                             : key == "Tab"       ? ImGuiKey_Tab
                                                  : ImGuiKey_None;
  if (imgui_key != ImGuiKey_None) io.AddKeyEvent(imgui_key, true);
  frame();
  if (imgui_key != ImGuiKey_None) io.AddKeyEvent(imgui_key, false);
#else
  const int index = key == "Enter" ? 1 : key == "Backspace" ? 2 : key == "Tab" ? 3 : 0;
  if (index != 0) io.KeysDown[index] = true;
  frame();
  if (index != 0) io.KeysDown[index] = false;
#endif
  frames(2);
}

void Headless::resize(float width, float height) {
  width_ = width;
  height_ = height;
  frames(2);
}

}  // namespace realm::testing
