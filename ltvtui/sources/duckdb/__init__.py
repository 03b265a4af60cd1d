"""Database files of DuckDB."""
