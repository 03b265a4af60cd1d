"""Refuse, in a sentence, a Python that the lock has no wheels for."""

import sys

OLDEST, NEWEST = (3, 11), (3, 14)

if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.exit(
        "The locked packages are for Python {}.{} to {}.{}, and this is {}.{}. ".format(
            *OLDEST, *NEWEST, *sys.version_info[:2]
        )
        + "Name another one: make PYTHON=python{}.{}".format(*NEWEST)
    )
