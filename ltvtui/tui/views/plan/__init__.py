"""Plan: from a goal to measures, a board a step, kept for the shop."""
