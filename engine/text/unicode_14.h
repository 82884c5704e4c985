// Which code points Unicode 14.0.0 assigns. BERT's tokenizer drops unassigned code points, so what
// a text becomes would hang on the Unicode version of the library at hand; we fix it at the version
// of the reference (REALM_SPEC 2.1).
#pragma once

namespace realm {

// False for unassigned code points and noncharacters. `value` is at most U+10FFFF.
bool is_assigned_in_unicode_14(char32_t value) noexcept;

}  // namespace realm
