"""What comes in: files put into a database, files opened as if they were one, and orders for the demo shop."""
