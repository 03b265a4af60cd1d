"""Which dimensions tell customers apart by what they bring, and by who of them comes back (metrics.md §12)."""
