"""Measures ltvtui beside its peers: `make bench`, or `PYTHONPATH=tests python -m bench`."""
