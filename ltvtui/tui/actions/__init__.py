"""What commands do to the main screen: one function a command, grouped by what the analyst wants."""
