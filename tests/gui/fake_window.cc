// realm-workbench on a session in memory: the same loop and the same drawing, without models and
// without a disk. For tests only; it is not installed. REALM_FAKE says what kind of session:
// normal, empty, no_model, no_baseline, read_only, failing, many.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/workbench/application.h"
#include "engine/base/error.h"
#include "tests/app/view/fake_session.h"

namespace {

std::unique_ptr<realm::Session> open_fake(const realm::SessionOptions& options) {
  const char* variable = std::getenv("REALM_FAKE");
  const std::string kind = variable == nullptr ? "normal" : variable;
  if (kind == "failing") {
    throw realm::Error(
        realm::ErrorCode::kUnsupported,
        "The workspace starter has format 9, and this program knows formats up to 1.");
  }
  realm::testing::FakeOptions fake;
  fake.documents = realm::testing::sample_documents();
  fake.read_only = options.read_only || kind == "read_only";
  fake.has_model = kind != "no_model";
  fake.has_baseline = kind != "no_baseline";
  if (kind == "empty") fake.documents.clear();
  if (kind == "many") {
    for (int i = 0; i < 3000; ++i) {
      realm::Document document = fake.documents[static_cast<size_t>(i % 10)];
      document.title = fmt::format("{} {}", document.title, i);
      fake.documents.push_back(document);
    }
  }
  return std::make_unique<realm::testing::FakeSession>(fake);
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = realm::workbench::parse_options(
      std::vector<std::string>(argv + 1, argv + argc), "realm-fake-window");
  if (const auto* message = std::get_if<realm::workbench::Message>(&parsed)) {
    std::fputs(message->text.c_str(), message->exit_code == 0 ? stdout : stderr);
    return message->exit_code;
  }
  const realm::workbench::Surroundings surroundings{
      .open_session = open_fake,
      .result_to_json =
          [](const realm::AskResult& result) { return "{\"answer\": \"" + result.answer + "\"}"; },
      .environment = [](const char* name) -> const char* { return std::getenv(name); },
      .about = "realm-fake-window"};
  return realm::workbench::run_application(std::get<realm::workbench::Options>(parsed),
                                           surroundings);
}
