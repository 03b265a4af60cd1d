"""What customers who began together did since (metrics.md §9)."""
