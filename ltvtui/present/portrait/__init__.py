"""The portrait of some customers as text, and as a page."""
