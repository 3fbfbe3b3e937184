"""Import and export as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class ImportExportConfig(Module):
    """Registers import and export."""

    name = "xiaocheng.foundation.import_export"
    label = "import_export"
