"""The demo company: made by the real commands with a fixed seed, dated relative to today, with stories in it."""
