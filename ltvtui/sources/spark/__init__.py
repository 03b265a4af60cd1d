"""Shops on clusters of Spark, through Spark Connect."""
