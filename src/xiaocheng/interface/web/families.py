"""The families of pages: a package here with urls.py and, where it has them, navigation, pickers and finders."""

FAMILIES: tuple[str, ...] = (
    "admin",
    "catalogue",
    "customers",
    "daily",
    "expenses",
    "files",
    "handovers",
    "home",
    "imports",
    "insight",
    "market",
    "notifications",
    "numbers",
    "options",
    "pipeline",
    "receptions",
    "service",
    "targets",
    "tasks",
    "trade",
)
