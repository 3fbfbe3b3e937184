"""Files as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class FilesConfig(Module):
    """Registers the files."""

    name = "xiaocheng.foundation.files"
    label = "files"
