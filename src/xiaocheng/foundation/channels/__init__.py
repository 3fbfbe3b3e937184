"""Messages out: an outbox that the worker empties, with patience."""
