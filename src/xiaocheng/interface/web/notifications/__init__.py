"""The bell and its list."""
