"""From a goal to measures: which segments to choose, what may come of it, and what moved since (metrics.md §14)."""
