"""A forecast in words, tables and charts: pure functions of the frames of analytics.forecast."""
