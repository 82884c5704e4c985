// What a run's heartbeat says that it does, beside "train": the window knows these names.
#pragma once

namespace realm {

inline constexpr const char* kEvaluateStage = "evaluate";
inline constexpr const char* kRefreshStage = "refresh index";

}  // namespace realm
