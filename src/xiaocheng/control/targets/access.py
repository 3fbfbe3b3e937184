"""Capabilities of targets."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

SET = capability("targets.set", _("给下级定月度目标"), "director", "manager")
HAVE = capability("targets.have", _("有自己的月度目标"), "rep", "promoter")
