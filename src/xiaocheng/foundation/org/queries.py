"""Ways to look at the organisation."""

from __future__ import annotations

from .sight import actor_for, sight_of

__all__ = ["actor_for", "sight_of"]
