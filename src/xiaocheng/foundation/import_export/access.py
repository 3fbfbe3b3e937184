"""Capabilities of import and export."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

IMPORT = capability("import_export.import", _("导入数据"), "administrator", "director", "manager")
EXPORT = capability("import_export.export", _("导出列表"), "administrator", "director")
