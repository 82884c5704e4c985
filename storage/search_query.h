// What a user types into the search box, as FTS5 expressions that can never be a syntax error:
// every word and phrase goes in as a quoted string.
//
// Thread-safe; does not block.
#pragma once

#include <string>
#include <string_view>

namespace realm {

struct SearchExpression {
  std::string match;    // all wanted words and phrases; empty: none were given
  std::string exclude;  // any of the unwanted ones; empty: none were given
  bool empty() const { return match.empty() && exclude.empty(); }
  // One FTS5 expression; only where match is not empty.
  std::string fts() const;
};

// Words, "quoted phrases" (the closing quote may be missing), -word and -"phrase". A minus inside a
// word is part of it. Invalid UTF-8 and control characters part words.
SearchExpression parse_search(std::string_view search);

// Any of the words of a text, without operators: a query for BM25 ranking. Empty: there are no
// words.
std::string any_word_expression(std::string_view text);

}  // namespace realm
