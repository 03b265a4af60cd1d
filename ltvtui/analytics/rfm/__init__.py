"""Recency, frequency and monetary value (metrics.md §7)."""
