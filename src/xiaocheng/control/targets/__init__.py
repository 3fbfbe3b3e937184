"""Targets: what a person shall reach in a month, measure by measure, and how far he is."""
