"""The day without a connection: what a phone keeps of it, and the page that works on that."""
