"""What people write in their own words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.errors import RuleBroken


def written(text: str, field: str, most: int) -> str:
    """A text as it is kept; refused at its field when it is too long."""
    said = text.replace("\x00", "").strip()
    if len(said) > most:
        raise RuleBroken(_("说明太长了。"), field=field)
    return said
