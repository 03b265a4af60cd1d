"""The user's database: opened read-only, read as one state."""
