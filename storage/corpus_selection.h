// What a DocumentQuery selects, as the parts of an SQL statement, and the pages that need no
// statement of their own because they are pages of everything. Private to storage.
#pragma once

#include <string>
#include <vector>

#include "storage/corpus_values.h"
#include "storage/search_query.h"

namespace realm {

class Database;

// FROM, WHERE and ORDER BY of one statement, the column with the id, and the values for its
// parameters in order.
struct Selection {
  std::string id, from, where, order;
  std::vector<std::string> values;
};
Selection select_documents(const DocumentQuery& query, const SearchExpression& search);

// The ids of one page of all documents in an order, without the query's conditions; `total`: how
// many documents there are. Error{kInvalidArgument} too far from either end of an order that must
// be walked.
std::vector<DocumentId> page_of_everything(Database& database, const DocumentQuery& query,
                                           int64_t total);

}  // namespace realm
