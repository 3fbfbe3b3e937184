"""Handovers: prepared, looked at, carried out."""
