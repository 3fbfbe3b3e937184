"""Pages of targets: one's own, those of a team, and the sheet in which a supervisor sets them."""
