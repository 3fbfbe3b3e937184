"""Insight as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class InsightConfig(Module):
    """Registers insight."""

    name = "xiaocheng.insight"
    label = "insight"
