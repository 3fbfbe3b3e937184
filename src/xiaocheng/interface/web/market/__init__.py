"""The market: what the field reports, and what competitors do."""
