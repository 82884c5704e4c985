// The one exception type of the project (DESIGN.md section 7).
//
// An Error's message is one sentence for the user: it names the object, what was expected and what
// was found. Thrown when the caller or the world is at fault; our own bugs go through REALM_CHECK
// (engine/base/check.h).
#pragma once

#include <stdexcept>
#include <string>

namespace realm {

enum class ErrorCode {
  kInvalidArgument,  // the caller asked for something that cannot be (exit code 2 where it is a
                     // usage error)
  kNotFound,         // a named thing is not there
  kCorruptData,      // a file's content contradicts its format
  kUnsupported,      // well-formed, but not something that we can do (a newer format, a forbidden
                     // pickle global)
  kMismatch,   // two things that must belong together do not (index and model, tensor and shape)
  kIo,         // the operating system refused (permission, full disk)
  kBusy,       // another process or thread holds it
  kCancelled,  // the caller's stop token was triggered
  kResourceExhausted,  // it would need more memory or disk than there is
};

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace realm
