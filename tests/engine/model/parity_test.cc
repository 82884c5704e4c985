// Embedder, scorer and knowledge-augmented encoder against the reference implementation (REALM_SPEC
// 12): every value to 2e-5 * (1 + |expected|), gradient norms to 1e-3 relative.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "engine/model/embedder.h"
#include "engine/model/knowledge_augmented_encoder.h"
#include "engine/model/model_io.h"
#include "engine/objective/marginal_loss.h"
#include "engine/prediction/marginal.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

using nlohmann::json;
using testing::find_parity;
using testing::read_json;
using torch::Tensor;

template <typename T>
void flatten(const json& value, std::vector<T>& out) {
  if (value.is_array()) {
    for (const json& item : value) flatten(item, out);
  } else {
    out.push_back(value.get<T>());
  }
}

std::vector<int64_t> shape_of(const json& value) {
  std::vector<int64_t> shape;
  for (const json* level = &value; level->is_array(); level = &level->front()) {
    shape.push_back(static_cast<int64_t>(level->size()));
  }
  return shape;
}

Tensor integers(const json& value) {
  std::vector<int64_t> flat;
  flatten(value, flat);
  return torch::tensor(flat, torch::kInt64).view(shape_of(value));
}

Tensor numbers(const json& value) {
  std::vector<double> flat;
  flatten(value, flat);
  return torch::tensor(flat, torch::kFloat64).view(shape_of(value));
}

void expect_close(const Tensor& actual, const json& expected, const std::string& what,
                  double tolerance = 2e-5) {
  const Tensor wanted = numbers(expected);
  ASSERT_EQ(actual.sizes().vec(), wanted.sizes().vec()) << what;
  const Tensor error = (actual.detach().to(torch::kFloat64) - wanted).abs() / (wanted.abs() + 1.0);
  EXPECT_LE(error.max().item<double>(), tolerance) << what;
}

void expect_close(double actual, const json& expected, const std::string& what,
                  double tolerance = 2e-5) {
  const auto wanted = expected.get<double>();
  EXPECT_NEAR(actual, wanted, tolerance * (1.0 + std::abs(wanted))) << what;
}

// [.., L] inputs as a batch [B, L].
BertBatch batch_of(const json& inputs) {
  const auto rows = [](const Tensor& tensor) {
    return tensor.reshape({-1, tensor.size(-1)}).contiguous();
  };
  BertBatch batch;
  batch.ids = rows(integers(inputs.at("input_ids")));
  batch.segments = inputs.contains("token_type_ids") && !inputs["token_type_ids"].is_null()
                       ? rows(integers(inputs["token_type_ids"]))
                       : torch::zeros_like(batch.ids);
  if (inputs.contains("attention_mask") && !inputs["attention_mask"].is_null()) {
    batch.attention = rows(integers(inputs["attention_mask"])).to(torch::kFloat32);
  }
  return batch;
}

// The rows of a padded batch as sequences without padding.
std::vector<BertInput> unpadded(const BertBatch& batch) {
  std::vector<BertInput> out;
  for (int64_t row = 0; row < batch.ids.size(0); ++row) {
    const int64_t length =
        batch.attention.defined() ? batch.attention[row].sum().item<int64_t>() : batch.ids.size(1);
    BertInput input;
    for (int64_t i = 0; i < length; ++i) {
      input.ids.push_back(batch.ids[row][i].item<int32_t>());
      input.segments.push_back(batch.segments[row][i].item<int32_t>());
    }
    out.push_back(std::move(input));
  }
  return out;
}

// "cfg_a" has its embedder in the open-QA checkpoint alone, "cfg_b" a folder for each part.
class Parity : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto found = find_parity(std::string(GetParam()) + "/encoder.json");
    if (!found) GTEST_SKIP() << testing::parity_skip_reason(GetParam());
    folder_ = found->parent_path();
  }
  json fixture(const char* name) const { return read_json(folder_ / name); }
  Embedder embedder(const char* part) const {
    const bool own = std::filesystem::exists(folder_ / part);
    Embedder out = load_embedder(ModelFolder::open(folder_ / (own ? part : "openqa")), torch::kCPU);
    out->eval();
    return out;
  }
  KnowledgeAugmentedEncoder encoder() const {
    KnowledgeAugmentedEncoder out =
        load_encoder(ModelFolder::open(folder_ / "encoder"), torch::kCPU);
    out->eval();
    return out;
  }
  std::filesystem::path folder_;
};

TEST_P(Parity, EmbedderGivesTheReferencesVectors) {
  const torch::NoGradGuard no_grad;
  Embedder network = embedder("embedder");
  const SpecialIds special =
      load_tokenizer(ModelFolder::open(folder_ / "encoder"))->vocabulary().special();
  int layers_compared = 0;
  const json file = fixture("embedder.json");
  for (const json& example : file.at("cases")) {
    const auto name = example.at("name").get<std::string>();
    const BertBatch batch = batch_of(example.at("inputs"));
    expect_close(network->forward(batch), example.at("projected_score"), name);
    // The same without padding, or padded by us.
    const std::vector<BertInput> inputs = unpadded(batch);
    expect_close(network->forward(make_batch(inputs, special, torch::kCPU)),
                 example.at("projected_score"), name + " packed again");
    for (size_t row = 0; row < inputs.size(); ++row) {
      expect_close(network->forward(make_batch({&inputs[row], 1}, special, torch::kCPU)).squeeze(0),
                   example.at("projected_score").at(row), name + " alone");
    }
    if (!example.contains("hidden_states_cls_row0")) continue;
    const std::vector<Tensor> hidden = network->body()->all_hidden(batch);
    ASSERT_EQ(hidden.size(), example.at("hidden_states_cls_row0").size());
    for (size_t layer = 0; layer < hidden.size(); ++layer) {
      expect_close(hidden[layer][0][0], example.at("hidden_states_cls_row0").at(layer),
                   name + " layer " + std::to_string(layer));
      ++layers_compared;
    }
    expect_close(hidden.back()[0][2], example.at("last_hidden_row0_pos2"), name + " position 2");
    expect_close(network->body()->forward(batch)[0][2], example.at("last_hidden_row0_pos2"),
                 name + " forward");
    expect_close(network->body()->pool(hidden.back().select(1, 0))[0],
                 example.at("pooler_output_row0"), name + " pooler");
  }
  EXPECT_GT(layers_compared, 0);
}

TEST_P(Parity, ScorerGivesTheReferencesRelevance) {
  const torch::NoGradGuard no_grad;
  Embedder network = embedder("scorer");
  const json file = fixture("scorer.json");
  const std::vector<int64_t> shape = shape_of(file.at("candidates").at("input_ids"));  // [B, C, L]
  const Tensor queries = network->forward(batch_of(file.at("query")));                 // [B, P]
  const Tensor candidates =
      network->forward(batch_of(file.at("candidates"))).view({shape[0], shape[1], -1});
  const json& expected = file.at("expected");
  expect_close(queries, expected.at("query_score"), "query");
  expect_close(candidates, expected.at("candidate_score"), "candidates");
  const Tensor relevance = torch::matmul(candidates, queries.unsqueeze(-1)).squeeze(-1);  // [B, C]
  expect_close(relevance, expected.at("relevance_score"), "relevance");
  expect_close(torch::softmax(relevance, -1), expected.at("candidate_softmax"), "p(z|x)");
  expect_close(torch::log_softmax(relevance, -1), expected.at("candidate_log_softmax"),
               "log p(z|x)");
}

// Encoder fixtures as tensors; M is the largest number of masked pieces of an example.
struct MaskedBatch {
  BertBatch joint;    // [B*C, L]
  Tensor rows;        // [B*C*M] rows of the flattened batch; padding points at row 0
  Tensor targets;     // [B, 1, M]
  Tensor piece_mask;  // [B, M]
  int64_t examples = 0, candidates = 0, pieces = 0;
};

MaskedBatch masked_batch(const json& file) {
  MaskedBatch out;
  const std::vector<int64_t> shape = shape_of(file.at("joint").at("input_ids"));
  out.joint = batch_of(file.at("joint"));
  out.examples = shape[0];
  out.candidates = shape[1];
  const json& per_example = file.at("expected").at("per_example");
  for (const json& example : per_example) {
    out.pieces = std::max(out.pieces, static_cast<int64_t>(example.at("positions").size()));
  }
  std::vector<int64_t> rows;
  std::vector<int64_t> targets;
  std::vector<float> mask;
  for (int64_t b = 0; b < out.examples; ++b) {
    const auto positions =
        per_example.at(static_cast<size_t>(b)).at("positions").get<std::vector<int64_t>>();
    const auto labels =
        per_example.at(static_cast<size_t>(b)).at("targets").get<std::vector<int64_t>>();
    for (int64_t c = 0; c < out.candidates; ++c) {
      for (int64_t m = 0; m < out.pieces; ++m) {
        const bool real = m < static_cast<int64_t>(positions.size());
        rows.push_back(
            real ? (b * out.candidates + c) * shape[2] + positions[static_cast<size_t>(m)] : 0);
      }
    }
    for (int64_t m = 0; m < out.pieces; ++m) {
      const bool real = m < static_cast<int64_t>(labels.size());
      targets.push_back(real ? labels[static_cast<size_t>(m)] : 0);
      mask.push_back(real ? 1.0F : 0.0F);
    }
  }
  out.rows = torch::tensor(rows, torch::kInt64);
  out.targets = torch::tensor(targets, torch::kInt64).view({out.examples, 1, out.pieces});
  out.piece_mask = torch::tensor(mask).view({out.examples, out.pieces});
  return out;
}

Tensor masked_logits(KnowledgeAugmentedEncoder& network, const MaskedBatch& batch) {
  return network->forward(batch.joint, batch.rows)
      .view({batch.examples, batch.candidates, batch.pieces, -1});
}

// log p(y_j | z, x): [B, C, M]
Tensor target_log_p(const Tensor& logits, const MaskedBatch& batch) {
  const Tensor index =
      batch.targets.expand({batch.examples, batch.candidates, batch.pieces}).unsqueeze(-1);
  return torch::log_softmax(logits, -1).gather(-1, index).squeeze(-1);
}

TEST_P(Parity, EncoderGivesTheReferencesProbabilitiesAndLosses) {
  const torch::NoGradGuard no_grad;
  KnowledgeAugmentedEncoder network = encoder();
  const json file = fixture("encoder.json");
  const json& expected = file.at("expected");
  const MaskedBatch batch = masked_batch(file);
  const Tensor logits = masked_logits(network, batch);  // [B, C, M, V]
  const Tensor log_p_y = target_log_p(logits, batch);
  const Tensor relevance = numbers(file.at("relevance_score")).to(torch::kFloat32);
  const Tensor log_p_z = torch::log_softmax(relevance, -1);
  for (int64_t b = 0; b < batch.examples; ++b) {
    const json& example = expected.at("per_example").at(static_cast<size_t>(b));
    const std::string name = "example " + std::to_string(b);
    const auto count = static_cast<int64_t>(example.at("positions").size());
    const Tensor own = log_p_y[b].slice(1, 0, count);        // [C, n]
    const Tensor own_logits = logits[b].slice(1, 0, count);  // [C, n, V]
    const Tensor joint = log_p_z[b].unsqueeze(-1) + own;     // [C, n]
    const Tensor marginal = torch::logsumexp(joint, 0);      // [n]
    expect_close(own, example.at("masked_lm_log_prob"), name + " log p(y_j|z,x)");
    expect_close(log_p_z[b], example.at("candidate_log_prob"), name + " log p(z|x)");
    expect_close(joint, example.at("joint_log_prob"), name + " joint");
    expect_close(marginal, example.at("marginal_log_prob_per_piece"), name + " marginal");
    expect_close(own_logits.slice(-1, 0, 8), example.at("logits_first8"), name + " logits");
    expect_close(torch::logsumexp(own_logits, -1), example.at("logsumexp_of_logits"),
                 name + " logsumexp");
    const auto [best, ids] = torch::log_softmax(own_logits, -1).topk(5, -1);
    for (int64_t c = 0; c < batch.candidates; ++c) {
      for (int64_t m = 0; m < count; ++m) {
        const json& top = example.at("top5").at(static_cast<size_t>(c)).at(static_cast<size_t>(m));
        expect_close(best[c][m], top.at("log_probs"), name + " top 5");
        EXPECT_TRUE(torch::equal(ids[c][m], integers(top.at("ids")))) << name << " top 5";
      }
    }
    // The paper's form (derived_* of the fixture) from the values above. The null document is
    // candidate 0.
    const Tensor log_p_word = own.sum(-1).to(torch::kFloat64).contiguous();
    const Tensor prior = log_p_z[b].to(torch::kFloat64).contiguous();
    const std::span<const double> prior_span(prior.data_ptr<double>(),
                                             static_cast<size_t>(prior.numel()));
    const MarginalTerms terms = marginal_terms(
        prior_span, {log_p_word.data_ptr<double>(), static_cast<size_t>(log_p_word.numel())}, 0);
    expect_close(terms.log_p_y, example.at("derived_paper_product_log_marginal"),
                 name + " log p(y|x)");
    expect_close(torch::tensor(terms.posterior, torch::kFloat64),
                 example.at("derived_posterior_over_candidates"), name + " posterior");
    expect_close(torch::tensor(terms.retrieval_utility, torch::kFloat64),
                 example.at("derived_RU_per_candidate_paper"), name + " RU");
    expect_close((marginal - own[0]).mean().item<double>(),
                 example.at("derived_retrieval_utility_google"), name + " Google's RU");
  }
  expect_close(per_piece_marginal_loss(relevance, log_p_y, batch.piece_mask).item<double>(),
               expected.at("loss"), "loss");
  expect_close(per_piece_marginal_loss(relevance, log_p_y, torch::zeros_like(batch.piece_mask))
                   .item<double>(),
               expected.at("loss_with_all_zero_mlm_mask"), "loss of no pieces");
  expect_close(paper_marginal_loss(relevance, log_p_y, batch.piece_mask).item<double>(),
               expected.at("derived_paper_loss_mean_over_examples"), "paper's loss");
}

// null in the fixture: no gradient arrives. `relative` of the norms and the first four elements.
void expect_gradients(const NamedParameters& parameters, const std::string& prefix,
                      const json& expected, double relative, double absolute) {
  size_t compared = 0;
  for (const NamedParameter& named : parameters) {
    const std::string name = prefix + named.name;
    ASSERT_TRUE(expected.contains(name)) << name;
    const json& wanted = expected.at(name);
    const Tensor gradient = named.gradient();
    ++compared;
    if (wanted.is_null()) {
      EXPECT_FALSE(gradient.defined()) << name;
      continue;
    }
    ASSERT_TRUE(gradient.defined()) << name;
    const Tensor values = gradient.to(torch::kFloat64);
    const auto l2 = wanted.at("l2").get<double>();
    EXPECT_NEAR(values.norm().item<double>(), l2, relative * l2 + absolute) << name;
    // The sum and the elements, against the size of the whole.
    EXPECT_NEAR(values.sum().item<double>(), wanted.at("sum").get<double>(),
                10 * (relative * l2 + absolute))
        << name;
    const Tensor flat = values.reshape({-1});
    for (size_t i = 0; i < wanted.at("first").size(); ++i) {
      EXPECT_NEAR(flat[static_cast<int64_t>(i)].item<double>(),
                  wanted.at("first").at(i).get<double>(), relative * l2 + absolute)
          << name << " element " << i;
    }
  }
  // What the reference has beyond ours is its unused head.
  for (const auto& [name, value] : expected.items()) {
    if (!value.is_null()) continue;
    EXPECT_TRUE(name.find("cls.predictions") != std::string::npos ||
                name.find("pooler") != std::string::npos)
        << name;
  }
  size_t with_gradient = 0;
  for (const auto& [name, value] : expected.items()) with_gradient += value.is_null() ? 0 : 1;
  EXPECT_GE(compared, with_gradient);
}

void check_gradients(Embedder& scorer, KnowledgeAugmentedEncoder& reader, const json& scorer_file,
                     const json& file, double loss_tolerance, double relative, double absolute) {
  const std::vector<int64_t> shape = shape_of(scorer_file.at("candidates").at("input_ids"));
  const Tensor queries = scorer->forward(batch_of(scorer_file.at("query")));
  const Tensor candidates =
      scorer->forward(batch_of(scorer_file.at("candidates"))).view({shape[0], shape[1], -1});
  const Tensor relevance = torch::matmul(candidates, queries.unsqueeze(-1)).squeeze(-1);  // [B, C]
  relevance.retain_grad();
  const MaskedBatch batch = masked_batch(file);
  const Tensor log_p_y = target_log_p(masked_logits(reader, batch), batch);
  const Tensor loss =
      per_piece_marginal_loss(relevance, log_p_y, batch.piece_mask.to(log_p_y.scalar_type()));
  loss.backward();
  expect_close(loss.item<double>(), file.at("expected").at("loss_f64"), "loss", loss_tolerance);
  expect_close(relevance.grad(), file.at("relevance_score_grad_f64"), "d loss / d f(x,z)",
               loss_tolerance);
  expect_gradients(reader->named(), "", file.at("gradients_f64").at("encoder"), relative, absolute);
  expect_gradients(scorer->named(), "embedder.", file.at("gradients_f64").at("scorer"), relative,
                   absolute);
}

TEST_P(Parity, GradientsOfTheWholeModelAreTheReferences) {
  Embedder scorer = embedder("scorer");
  KnowledgeAugmentedEncoder reader = encoder();
  check_gradients(scorer, reader, fixture("scorer.json"), fixture("encoder.json"), 2e-5, 1e-3,
                  1e-6);
}

// In double precision nothing is left to rounding: an error of the formula would show at once.
TEST_P(Parity, GradientsInDoublePrecisionAreTheReferencesToSevenDigits) {
  Embedder scorer = embedder("scorer");
  KnowledgeAugmentedEncoder reader = encoder();
  scorer->to(torch::kFloat64);
  reader->to(torch::kFloat64);
  check_gradients(scorer, reader, fixture("scorer.json"), fixture("encoder.json"), 1e-8, 1e-7,
                  1e-12);
}

INSTANTIATE_TEST_SUITE_P(Configurations, Parity, ::testing::Values("cfg_a", "cfg_b"),
                         [](const auto& tested) { return std::string(tested.param); });

}  // namespace
}  // namespace realm
