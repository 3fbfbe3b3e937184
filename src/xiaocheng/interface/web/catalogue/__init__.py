"""Pages of the product catalogue."""
