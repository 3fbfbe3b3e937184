"""Capabilities around files."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

ATTACH = capability("files.attach", _("上传附件"), "director", "manager", "administrator", "rep", "promoter")
