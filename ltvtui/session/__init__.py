"""The open dataset: from a path to figures, kept in step with what others write."""
