"""What is ours on disk: settings, caches, the workspace; written whole or not at all."""
