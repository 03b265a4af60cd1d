"""Compare: customers against the others, why they differ, and what sets them apart."""
