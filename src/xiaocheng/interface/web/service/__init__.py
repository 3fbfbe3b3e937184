"""Complaints: the list, one complaint, what is done with it."""
