#include "engine/model/model_setting.h"

#include "engine/base/free_cores.h"

namespace realm {

void ModelSetting::choose_threads() const {
  const int wanted = threads > 0 ? threads : free_cores();
  if (wanted != torch::get_num_threads()) torch::set_num_threads(wanted);
}

}  // namespace realm
