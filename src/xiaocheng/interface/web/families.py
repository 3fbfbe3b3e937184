"""The families of pages: each is a package here with urls.py and, where it has them, navigation.py and pickers.py."""

FAMILIES: tuple[str, ...] = (
    "admin",
    "catalogue",
    "customers",
    "daily",
    "files",
    "home",
    "imports",
    "insight",
    "notifications",
    "options",
    "pipeline",
    "tasks",
)
