"""Insight: what everybody learns from what was sold."""
