"""Capabilities around tasks."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

USE = capability("tasks.use", _("处理待办"), "director", "manager", "administrator", "rep", "promoter")
