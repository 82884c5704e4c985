#!/usr/bin/env python3
"""Writes the starter world: generate.py OUT_DIR, or generate.py --check OUT_DIR to verify what stands there."""
import sys

from world.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
