"""Pages of the option lists."""
