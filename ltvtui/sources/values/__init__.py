"""What stands in a cell: money, days, ids, and words for nothing, as shops write them."""
