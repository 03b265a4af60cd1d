"""What the analyst leaves behind in a shop: saved views, notes, the plan, the order of lead stages, and what
tiers were when they were looked at.

Values alone. Where they lie is the affair of workspace.
"""
