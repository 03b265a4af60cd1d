"""What is expensive to compute, kept on disk: private, bounded, and checked before it is used."""
