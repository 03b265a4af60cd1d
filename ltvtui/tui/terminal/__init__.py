"""The way to the terminal: what it shows is known, so that only what differs is sent."""
