// HTML character references in plain text (REALM_SPEC 5.6: block building unescapes its input).
// Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace realm {

// Replaces "&amp;", "&#8211;", "&#x2013;" and the like. What is no known reference stays as it is.
// Once through: "&amp;lt;" gives "&lt;". A reference to a code point that no text may hold gives
// U+FFFD.
std::string unescape_html(std::string_view text);

}  // namespace realm
