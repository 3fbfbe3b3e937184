"""One thing, with tabs that load when they are opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from xiaocheng.interface.web.shell.links import Tab

from .base import Screen


class DetailScreen(Screen):
    """A page about one thing. Its template extends ui/detail.html and fills the blocks `head` and `tab`.

    `context()` may look at `self.tab` and read only what the open tab shows.
    """

    template = "ui/detail.html"
    parts: ClassVar[dict[str, str]] = {"tab": "tab"}

    def tabs(self) -> Sequence[Tab]:
        """The tabs of the page; none by default."""
        return ()

    @property
    def tab(self) -> str:
        """Key of the open tab: the one asked for, else the first."""
        keys = [tab.key for tab in self.tabs()]
        asked = self.request.GET.get("tab", "")
        return asked if asked in keys else next(iter(keys), "")

    def _frame(self) -> dict[str, Any]:
        return {**super()._frame(), "tabs": self.tabs(), "tab": self.tab}
