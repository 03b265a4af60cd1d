"""What leaves: rows and pictures as files, lists of customers for advertising platforms."""
