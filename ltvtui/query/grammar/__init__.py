"""Filter expressions: what an analyst types, what it means in a shop, and what could be typed next."""
