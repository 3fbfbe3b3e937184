"""Pages of customers, their contacts and pools."""
