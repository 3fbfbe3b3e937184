"""Expenses: the list, one expense, what is done with it."""
