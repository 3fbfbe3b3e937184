"""Visit plans, visits and every other contact with a customer."""
