"""Capabilities of the catalogue."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

MANAGE = capability("catalogue.manage", _("维护产品目录"), "administrator", "director")
