"""What a rep does: products, customers, tasks, opportunities, visits."""
