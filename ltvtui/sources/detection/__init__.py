"""Which table and column of a shop is what."""
