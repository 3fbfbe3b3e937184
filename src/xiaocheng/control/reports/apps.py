"""Reports as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class ReportsConfig(Module):
    """Registers reports."""

    name = "xiaocheng.control.reports"
    label = "reports"
