"""Who some customers are: what sets them apart, when they order, and the most typical of them (metrics.md §12)."""
