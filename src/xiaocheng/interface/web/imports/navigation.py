"""Where imports stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, navigate

navigate(Item(_("导入"), "imports:list", icon="file-import", group="company", order=60))
