"""Writes the mean of two networks of one shape: of a trained retriever and the published encoder, which reads questions
without their masks, or with --readers of two readers.
"""
import argparse
import json
import pathlib
import shutil

import numpy as np

from . import network


def name_in_body(name):
    return name.split(".", 1)[1] if name.split(".", 1)[0] in ("realm", "bert") else name


def write(path, tensors):
    header, offset = {}, 0
    for name, values in tensors.items():
        header[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": [offset, offset + values.nbytes]}
        offset += values.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for values in tensors.values():
            file.write(np.ascontiguousarray(values).tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", type=pathlib.Path, help="what only one has is taken from here")
    parser.add_argument("other", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--readers", action="store_true")
    options = parser.parse_args()
    own = network.tensors(options.trained / "model.safetensors")
    others = {name_in_body(n): v for n, v in network.tensors(options.other / "model.safetensors").items()}
    out = options.out
    shutil.copytree(options.trained, out)
    for name, values in own.items():
        other = others.get(name_in_body(name))
        if other is not None:
            own[name] = (values + other) / 2
    write(out / "model.safetensors", own)
    if options.readers:
        return
    config = json.loads((out / "config.json").read_text(encoding="utf-8"))
    config["retriever_query_masks"] = False
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
