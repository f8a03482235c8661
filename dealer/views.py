"""Browser door."""
