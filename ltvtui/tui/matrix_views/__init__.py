"""The boards of Matrix: each asks what it needs and says what every cell and row stands for."""
