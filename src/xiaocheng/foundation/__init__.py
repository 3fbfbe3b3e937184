"""What every sales word stands on; it knows none of them itself."""
