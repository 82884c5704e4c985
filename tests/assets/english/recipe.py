"""What the tests of the recipe's scripts share: run(), which finds them in the folder that is given."""
import sys
import unittest

sys.path.insert(0, sys.argv.pop())


def needs_numpy():
    """Ends the test as skipped where numpy is not installed."""
    try:
        import numpy  # noqa: F401
    except ImportError:
        print("numpy is not installed (Debian package python3-numpy)")
        sys.exit(77)


def run():
    unittest.main(module="__main__")
