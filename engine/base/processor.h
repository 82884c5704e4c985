// What the processor can do. Thread-safe.
#pragma once

namespace realm {

// Whether it multiplies bfloat16 numbers by itself (AVX-512 BF16 or AMX), so that bf16 is faster
// than fp32. False where the system does not say.
bool multiplies_bfloat16();

}  // namespace realm
