"""The catalogue as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class CatalogueConfig(Module):
    """Registers the catalogue."""

    name = "xiaocheng.selling.catalogue"
    label = "catalogue"
