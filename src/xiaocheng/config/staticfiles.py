"""Static addresses that carry a hash of the content, so a browser may keep each file for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class HashedQueryStorage(StaticFilesStorage):
    """Appends `?v=<hash>`; nothing is copied, so there is no collecting step and no second tree of files."""

    def url(self, name: str | None) -> str:
        """Return the address of a static file with the hash of its present content."""
        address = super().url(name)
        found = finders.find(name) if name else None
        if not isinstance(found, str):
            return address
        digest = _digest(found, Path(found).stat().st_mtime_ns if settings.DEBUG else 0)
        return f"{address}?v={digest}"


@lru_cache(maxsize=512)
def _digest(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
