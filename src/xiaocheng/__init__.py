"""Xiaocheng (销程): sales process management as a layered modular monolith; see docs/adr."""

__version__ = "0.1.0"
