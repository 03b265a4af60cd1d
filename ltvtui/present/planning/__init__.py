"""A plan and segments side by side, as text and tables."""
