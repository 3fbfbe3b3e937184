"""The kernel as a Django app."""

import gc

from .module import Module

# New objects between two looks of the collector. By its own measure it looks through the rows of a set again and again
# while they are made, in vain: a quarter of the time of an import.
NEW_OBJECTS = 20_000


class KernelConfig(Module):
    """Registers the kernel."""

    name = "xiaocheng.foundation.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Also leave the collector in peace while thousands of rows are made."""
        super().ready()
        gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
