"""Where customers stand in their life with the shop, and who moved (metrics.md §8)."""
