#include "engine/checkpoint/safetensors_reader.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/error.h"

namespace realm {
namespace {

using Json = nlohmann::json;

constexpr uint64_t kLongestHeader = 100'000'000;  // the format's own limit
constexpr int kDeepestHeader = 4;                 // header object, tensor object, array
constexpr size_t kMostAxes = 64;

std::optional<ScalarType> scalar_from_name(std::string_view name) {
  for (const ScalarType type :
       {ScalarType::kF64, ScalarType::kF32, ScalarType::kF16, ScalarType::kBF16, ScalarType::kI64,
        ScalarType::kI32, ScalarType::kI16, ScalarType::kI8, ScalarType::kU8, ScalarType::kBool}) {
    if (scalar_name(type) == name) return type;
  }
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(const MappedFile& file) : file_(file) {}

  TensorTable read() {
    const std::span<const std::byte> bytes = file_.bytes();
    if (bytes.size() < 8)
      fail(
          "is cut short: a safetensors file begins with 8 bytes that give the length of its "
          "header");
    uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof(length));
    if (length > kLongestHeader) {
      fail("says that its header is " + std::to_string(length) + " bytes long; at most " +
           std::to_string(kLongestHeader) + " are allowed");
    }
    if (length > bytes.size() - 8) {
      fail("is cut short: its header should be " + std::to_string(length) +
           " bytes long and only " + std::to_string(bytes.size() - 8) + " follow");
    }
    data_ = bytes.subspan(8 + length);
    const Json header = parse({reinterpret_cast<const char*>(bytes.data()) + 8, length});

    TensorTable table;
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        read_metadata(entry, table);
      } else {
        table.entries.push_back({name, read_tensor(name, entry)});
      }
    }
    check_cover(table);
    return table;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kCorruptData,
                "The file \"" + file_.path().string() + "\" " + what + ".");
  }
  [[noreturn]] void fail(const std::string& name, const std::string& what) const {
    fail("is damaged: tensor " + in_quotes(name) + " " + what);
  }

  Json parse(std::string_view text) const {
    if (text.empty() || text.front() != '{') fail("has a header that does not begin with \"{\"");
    // One set of keys a nesting level, as a repeated key would hide a tensor.
    std::vector<std::set<std::string>> keys;
    const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
      if (depth > kDeepestHeader) fail("has a header that is nested too deeply");
      if (event == Json::parse_event_t::object_start) keys.emplace_back();
      if (event == Json::parse_event_t::object_end) keys.pop_back();
      if (event == Json::parse_event_t::key &&
          !keys.back().insert(parsed.get<std::string>()).second) {
        fail("names " + in_quotes(parsed.get<std::string>()) + " twice in its header");
      }
      return true;
    };
    try {
      Json header = Json::parse(text.begin(), text.end(), check);
      if (!header.is_object()) fail("has a header that is not a JSON object");
      return header;
    } catch (const Json::exception& error) {
      fail("has a header that is not valid JSON (" + printable(error.what()) + ")");
    }
  }

  void read_metadata(const Json& entry, TensorTable& table) const {
    if (!entry.is_object()) fail("has a \"__metadata__\" that is not an object");
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string())
        fail("has a \"__metadata__\" whose " + in_quotes(key) + " is not a string");
      table.metadata[key] = value.get<std::string>();
    }
  }

  TensorView read_tensor(const std::string& name, const Json& entry) const {
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
        !entry.contains("data_offsets")) {
      fail(name, "lacks one of dtype, shape and data_offsets");
    }
    if (!entry["dtype"].is_string()) fail(name, "has a dtype that is not a string");
    const auto type_name = entry["dtype"].get<std::string>();
    const std::optional<ScalarType> type = scalar_from_name(type_name);
    if (!type) {
      throw Error(ErrorCode::kUnsupported,
                  "Tensor " + in_quotes(name) + " in \"" + file_.path().string() +
                      "\" has elements of type " + in_quotes(type_name) +
                      ", which is not supported; expected one of F64 F32 F16 BF16 I64 I32 I16 I8 "
                      "U8 BOOL.");
    }
    TensorView tensor;
    tensor.type = *type;
    tensor.shape = read_numbers(name, "shape", entry["shape"]);
    const std::vector<int64_t> offsets = read_numbers(name, "data_offsets", entry["data_offsets"]);
    if (offsets.size() != 2) fail(name, "has data_offsets that are not a pair");
    const auto begin = static_cast<uint64_t>(offsets[0]);
    const auto end = static_cast<uint64_t>(offsets[1]);
    if (begin > end || end > data_.size()) {
      fail(name, "claims bytes " + std::to_string(begin) + " to " + std::to_string(end) +
                     " of the data, of which there are " + std::to_string(data_.size()));
    }
    const int64_t count = tensor.count();
    int64_t size = 0;
    if (count < 0 ||
        __builtin_mul_overflow(count, static_cast<int64_t>(scalar_size(*type)), &size) ||
        static_cast<uint64_t>(size) != end - begin) {
      fail(name, "has shape " + shape_text(tensor.shape) + " and type " + type_name +
                     ", which do not fill its " + std::to_string(end - begin) + " bytes");
    }
    tensor.strides = contiguous_strides(tensor.shape);
    tensor.data = data_.data() + begin;
    tensor.storage = tensor.data;
    return tensor;
  }

  std::vector<int64_t> read_numbers(const std::string& name, const char* what,
                                    const Json& value) const {
    if (!value.is_array() || value.size() > kMostAxes) fail(name, std::string("has a bad ") + what);
    std::vector<int64_t> numbers;
    for (const Json& number : value) {
      if (!number.is_number_unsigned() ||
          number.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)) {
        fail(name, std::string("has a ") + what +
                       " with an entry that is not a whole number of 0 or more");
      }
      numbers.push_back(static_cast<int64_t>(number.get<uint64_t>()));
    }
    return numbers;
  }

  // Sorts the tensors by their place in the file and checks that they lie end to end.
  void check_cover(TensorTable& table) const {
    const auto end_of = [](const TensorView& tensor) {
      return tensor.data + static_cast<size_t>(tensor.count()) * scalar_size(tensor.type);
    };
    std::sort(table.entries.begin(), table.entries.end(), [&](const auto& a, const auto& b) {
      // An empty tensor stands before the one that begins at the same byte.
      return std::pair(a.tensor.data, end_of(a.tensor)) <
             std::pair(b.tensor.data, end_of(b.tensor));
    });
    const std::byte* next = data_.data();
    for (const TensorTable::Entry& entry : table.entries) {
      if (entry.tensor.data < next) fail(entry.name, "overlaps the tensor before it");
      if (entry.tensor.data > next) {
        fail(entry.name, "begins " + std::to_string(entry.tensor.data - next) +
                             " bytes after the end of the tensor before it");
      }
      next = end_of(entry.tensor);
    }
    const auto rest = data_.data() + data_.size() - next;
    if (rest != 0)
      fail("has " + std::to_string(rest) + " bytes after its last tensor that belong to none");
  }

  const MappedFile& file_;
  std::span<const std::byte> data_;
};

}  // namespace

TensorTable read_safetensors(const MappedFile& file) { return Reader(file).read(); }

}  // namespace realm
