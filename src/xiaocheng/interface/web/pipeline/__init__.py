"""Pages of opportunities and sales processes."""
