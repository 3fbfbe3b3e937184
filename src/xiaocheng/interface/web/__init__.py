"""Pages: shell (layout, login, generic screens) and one package per family of screens."""
