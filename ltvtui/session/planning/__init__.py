"""A plan asked of a dataset: each of its five steps filled from the figures of other screens."""
