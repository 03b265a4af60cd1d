"""Tiers by value: VIP, middle, economy (metrics.md §5)."""
