"""Customers, their contacts, and who is responsible for them."""
