"""In which columns of all tables a text is."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import CharField, JSONField, TextField

from xiaocheng.foundation.kernel.scope import ScopedModel


def places_of(text: str) -> Iterator[str]:
    """The columns of all tables in which a text is."""
    for model in apps.get_models():
        texts = [f for f in model._meta.local_fields if isinstance(f, (CharField, TextField, JSONField))]
        if not texts or not model.__module__.startswith("xiaocheng"):
            continue
        manager = model.rows if issubclass(model, ScopedModel) else model._base_manager
        for values in manager.values_list(*(field.name for field in texts)):
            yield from (f"{model._meta.label}.{f.name}" for f, v in zip(texts, values, strict=True) if text in str(v))
