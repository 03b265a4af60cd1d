"""What the shop spent on being found."""
