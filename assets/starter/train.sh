#!/usr/bin/env bash
# Makes the starter workspace's models from nothing: the whole recipe, one command.
#
#   assets/starter/train.sh WORK [BIN]
#
# WORK: a folder for the world, the training workspace and its runs (made when it is not there; runs that were stopped go
# on when the command is given again). BIN: the folder of the programs, build/release/bin otherwise. The models end up in
# WORK/models, half precision, as assets/starter/models holds them. README.md says what each phase is for.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mkdir -p "${1:?usage: train.sh WORK [BIN]}" && cd "$1" && pwd)
bin=${2:-$here/../../build/release/bin}
at=workspace  # the training workspace that is used
realm() { "$bin/realm" --workspace "$work/$at" "$@"; }

# phase NAME TASK key=value...: a run, begun once and resumed until it is finished.
phase() {
  local name=$1 task=$2 settings=() state
  shift 2
  [ -d "$work/$at/models/$name" ] && { echo "$name is done."; return; }
  if [ -f "$work/$name.run" ]; then
    realm train --resume "$(cat "$work/$name.run")"
    return
  fi
  for setting in "$@" "output_model=$name"; do settings+=(--set "$setting"); done
  echo "== $name"
  realm --json train "$task" --preset starter "${settings[@]}" --detach \
    | sed -n 's/.*"run": *"\([^"]*\)".*/\1/p' > "$work/$name.run"
  realm runs follow "$(cat "$work/$name.run")"
}

[ -f "$work/world/train.jsonl" ] || python3 "$here/generate.py" "$work/world"
# make_workspace NAME CORPUS...
make_workspace() {
  local name=$1 corpus
  shift
  [ -f "$work/$name/workspace.json" ] && return
  "$bin/realm" init "$work/$name"
  for corpus in "$@"; do "$bin/realm" --workspace "$work/$name" import "$corpus"; done
}
# carry FROM TO MODEL: from one training workspace into another.
carry() { [ -d "$work/$2/models/$3" ] || cp -r "$work/$1/models/$3" "$work/$2/models/$3"; }

make_workspace workspace "$work/world/corpus.jsonl"
held_out=$work/held_out.jsonl
cat "$work"/world/eval/dev/{heldout_entities,unseen_wordings,real_names,number_families}.jsonl > "$held_out"

text=(training_text="$work/world/train.jsonl" held_out_text="$held_out")
phase starter-vocabulary vocabulary vocabulary_text="$work/world/vocabulary_text.txt"
# The retriever: the inverse cloze task, then pairs, then queries from Z with a name hidden.
phase starter-ict ict "${text[@]}" initial_model=starter-vocabulary
phase starter-pairs ict "${text[@]}" initial_model=starter-ict steps=5000 batch_size=80 learning_rate=8e-4 \
  swap_probability=0 pair_fraction=0.75 word_dropout=0.05 mask_digits_probability=0.35 same_source_probability=0.75
phase starter-spans ict "${text[@]}" initial_model=starter-pairs steps=2000 learning_rate=6e-4 \
  swap_probability=0 pair_fraction=0.5 \
  remove_probability=0.4 mask_span_probability=0.8 word_dropout=0.05 mask_digits_probability=0.4 \
  same_source_probability=0.8

# Then against passages that it finds alike, with the names of the pairs exchanged. The mean of two phases' weights does
# better than either; starter-mean is such a mean (one step at a rate of nothing).
alike=(pair_fraction=0.7 swap_probability=0.5 remove_probability=0.4 mask_span_probability=0.8 word_dropout=0.05
  mask_digits_probability=0.4 same_source_probability=0.7 warmup_fraction=0.05)
phase starter-alike ict "${text[@]}" initial_model=starter-spans steps=4200 learning_rate=8e-4 \
  neighbour_probability=0.5 "${alike[@]}"
phase starter-alike-2 ict "${text[@]}" initial_model=starter-alike steps=1600 learning_rate=6e-4 \
  neighbour_probability=0.5 "${alike[@]}"
phase starter-mean ict "${text[@]}" initial_model=starter-alike-2 average_model=starter-alike steps=1 learning_rate=1e-9
phase starter-alike-3 ict "${text[@]}" initial_model=starter-mean steps=1500 learning_rate=6e-4 \
  neighbour_probability=0.6 "${alike[@]}" pair_fraction=0.75

# The reader: copying from short passages, then reading whole ones, then the same with two layers more.
phase starter-copier mlm "${text[@]}" initial_model=starter-vocabulary
whole=(one_sentence_until=0 two_sentences_until=0 second_span_probability=0 passage_mask_probability=0
  unmasked_targets=0)
phase starter-reader mlm "${text[@]}" initial_model=starter-copier steps=8000 learning_rate=1.5e-3 \
  warmup_fraction=0.05 swap_probability=0.5 null_probability=0.05 wrong_probability=0.08 "${whole[@]}"
phase starter-deep mlm "${text[@]}" initial_model=starter-reader grow_to_layers=6 steps=12500 learning_rate=1.2e-3 \
  warmup_fraction=0.04 swap_probability=0.6 null_probability=0.05 wrong_probability=0.08 "${whole[@]}"

# Both together, at low rates.
phase starter-joint pretrain "${text[@]}" initial_model=starter-mean initial_encoder=starter-deep steps=200 \
  learning_rate=2e-5 encoder_learning_rate=1e-4
phase starter-joint-2 pretrain "${text[@]}" initial_model=starter-alike-3 average_model=starter-mean \
  initial_encoder=starter-joint steps=200 learning_rate=2e-5 encoder_learning_rate=2e-4
# The second's retriever with the first's reader.
nothing=(steps=1 learning_rate=1e-9 encoder_learning_rate=1e-9)
phase starter-one pretrain "${text[@]}" initial_model=starter-joint-2 initial_encoder=starter-joint "${nothing[@]}"
# Once more, with the families' sentences twice; and the means of what was before and after: three quarters and one
# quarter of the retriever, a half of the reader.
families=$work/families_twice.jsonl
{ cat "$work/world/train.jsonl"; grep '"kind": "numbers"' "$work/world/train.jsonl"; } > "$families"
phase starter-joint-3 pretrain "${text[@]}" training_text="$families" initial_model=starter-one steps=1600 \
  learning_rate=3e-5 encoder_learning_rate=3e-4 swap_probability=0.6 warmup_fraction=0.06
phase starter-half pretrain "${text[@]}" initial_model=starter-one average_model=starter-joint-3 \
  initial_encoder=starter-one "${nothing[@]}"
phase starter-blend pretrain "${text[@]}" initial_model=starter-one average_model=starter-half \
  initial_encoder=starter-one average_encoder=starter-joint-3 "${nothing[@]}"

# The retriever once more, with families whose passages stand in a training workspace alone; and the mean.
make_workspace families "$work/world/corpus.jsonl" "$work/world/families/corpus.jsonl"
carry workspace families starter-blend
more=$work/more_families.jsonl
cat "$families" "$work/world/families/train.jsonl" | shuf --random-source=<(yes 3) > "$more"
at=families
phase starter-alike-4 ict "${text[@]}" training_text="$more" initial_model=starter-blend steps=2000 \
  learning_rate=6e-4 neighbour_probability=0.5 "${alike[@]}" pair_fraction=0.75
at=workspace
carry families workspace starter-alike-4
phase starter pretrain "${text[@]}" initial_model=starter-blend average_model=starter-alike-4 \
  initial_encoder=starter-blend "${nothing[@]}"

# Plain BERT: the same body and sentences, no passages.
alone=(passage=none swap_probability=0 copying_start=false unmasked_targets=0)
phase starter-bert-4 mlm "${text[@]}" initial_model=starter-vocabulary steps=8000 learning_rate=1e-3 \
  warmup_fraction=0.1 "${alone[@]}"
phase starter-bert mlm "${text[@]}" initial_model=starter-bert-4 grow_to_layers=6 steps=4000 learning_rate=5e-4 \
  warmup_fraction=0.05 "${alone[@]}"

rm -rf "$work/models"
mkdir "$work/models"
for name in starter starter-bert; do realm model export "$name" "$work/models/$name" --half; done
