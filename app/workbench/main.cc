// realm-workbench: the composition root of the window.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "app/services/ask_json.h"
#include "app/services/installed_english.h"
#include "app/workbench/application.h"
#include "engine/base/blas_environment.h"

namespace {

// realm-train, where it stands beside this program; else empty.
std::filesystem::path trainer_beside() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path trainer = self.parent_path() / "realm-train";
  return !error && std::filesystem::exists(trainer, error) ? trainer : std::filesystem::path();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string version = "realm-workbench " REALM_VERSION;
  const auto parsed =
      realm::workbench::parse_options(std::vector<std::string>(argv + 1, argv + argc), version);
  if (const auto* message = std::get_if<realm::workbench::Message>(&parsed)) {
    std::fputs(message->text.c_str(), message->exit_code == 0 ? stdout : stderr);
    return message->exit_code;
  }
  realm::choose_blas_kernels();
  std::string about = version;
  if (const auto blas = realm::blas_kernels())
    about += "\n" + blas->library + ", kernels " + blas->core;
  const auto& options = std::get<realm::workbench::Options>(parsed);
  realm::SessionOptions embedding;
  embedding.device = options.device;
  embedding.threads = options.threads;
  const realm::workbench::Surroundings surroundings{
      .open_session = &realm::Session::open,
      .make_workspace = &realm::Session::create,
      .result_to_json = [](const realm::AskResult& result) { return realm::to_json(result); },
      .environment = [](const char* name) -> const char* { return std::getenv(name); },
      .about = about,
      .trainer = trainer_beside(),
      .setup = realm::english_setup_functions(embedding)};
  return realm::workbench::run_application(options, surroundings);
}
