"""What commands do to the desk: one function a command, grouped by what the analyst wants."""
