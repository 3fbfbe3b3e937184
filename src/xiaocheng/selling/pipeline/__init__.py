"""Sales processes, stages, opportunities and what became of them."""
