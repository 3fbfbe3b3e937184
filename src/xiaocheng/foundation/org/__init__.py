"""People, departments, reporting line, roles, duty roster and work calendar."""
