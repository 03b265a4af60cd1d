"""Small questions asked over the view; each returns a value, or None when it is left with Esc."""
