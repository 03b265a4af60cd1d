"""Two groups of customers, and two periods, as text for people and programs."""
