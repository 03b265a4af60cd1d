"""What may be paid for a customer, by channel (metrics.md §11)."""
