"""What customers will bring: a buy-till-you-die model of the shop, proven on its own past (metrics.md §10)."""
