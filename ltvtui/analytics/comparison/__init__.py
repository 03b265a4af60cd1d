"""Two groups of customers side by side, and two periods of one (metrics.md §12)."""
