"""Option lists as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class FieldsConfig(Module):
    """Registers the option lists."""

    name = "xiaocheng.foundation.fields"
    label = "fields"
