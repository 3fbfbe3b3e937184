"""The bell in the corner."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.notifications.queries import unread
from xiaocheng.interface.web.shell.navigation import Corner, navigate

navigate(Corner(_("通知"), "notifications:list", icon="bell", count=unread))
