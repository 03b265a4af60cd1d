"""What may be paid for a customer, as tables, plots, sentences and files."""
