"""Field work as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class FieldworkConfig(Module):
    """Registers field work."""

    name = "xiaocheng.selling.fieldwork"
    label = "fieldwork"
