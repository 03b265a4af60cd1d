"""Databases of PostgreSQL."""
