// Initial weights for training a small encoder from scratch. A network that must copy words from a
// passage starts where copying is one step away, and not far from it as BERT's random weights are
// (Trockman and Kolter 2023 describe the principle: attention whose products begin near the
// identity).
#pragma once

#include "engine/model/knowledge_augmented_encoder.h"
#include "engine/model/named_parameter.h"
#include "engine/model/torch.h"

namespace realm {

// Sets, by canonical name, in every parameter list of a body with `heads` attention heads:
// - word and type embeddings: of such spread that a piece weighs as much as its position;
// - position embeddings: sinusoids, so that "one piece further" is a linear map from the start; the
//   fast ones, which tell neighbours apart, in dimensions that the words leave almost free;
// - some heads of each layer but the last look one or two pieces aside, sharply: two layers of them
//   let a piece of a name know its place in it, up to four pieces deep;
// - the other heads have query = key: equal words attend to each other;
// - value and attention output are an orthogonal matrix and its transpose: what is attended to
//   arrives as it is;
// - the head's transform is the identity.
// Everything else stays. Draws from LibTorch's generator.
void set_copying_weights(const NamedParameters& parameters, int64_t layers, int64_t heads);

// A deeper encoder that begins where `trained` ended (Chen et al. 2016, Net2Net, and Gong et al.
// 2019, progressive stacking, describe the principle). The layers up to trained's are copies. Each
// new one on top is a copy of the last with its two output projections at zero, so that what comes
// in passes through, and norms that restore the scale of the layer below: the outputs are the same
// but for how much the mean and spread of single hidden vectors differ from their expected ones.
// `layers`: of the new encoder, at least trained's. The result is on trained's device.
KnowledgeAugmentedEncoder grow_encoder(const KnowledgeAugmentedEncoder& trained, int layers);

}  // namespace realm
