"""What is measured, as tables: each part runs its measurements and lays them out."""
