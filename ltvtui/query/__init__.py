"""What the analyst asks: settings and filters."""
