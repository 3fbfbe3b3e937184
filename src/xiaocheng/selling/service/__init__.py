"""After the sale: complaints, from the first word to the measures taken and what the customer thinks of them."""
