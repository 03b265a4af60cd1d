"""Tables in files: csv, xlsx, parquet, JSON lines."""
