"""How long stages usually last, as it was learned: kept where the lists are made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.pipeline.models import Stage


@transaction.atomic
def keep_stale_days(actor: Actor, learned: Mapping[tuple[int, str], int]) -> int:
    """Keep after how many days without activity a deal is stagnant, by process and code of the stage.

    All editions have the same, drafts too; of which nothing was learned, nothing is kept. Gives how many changed.
    """
    actor.require_system()
    wanted: dict[int | None, list[int]] = defaultdict(list)
    for pk, process, code, days in Stage.objects.order_by("pk").values_list(
        "pk", "version__process_id", "code", "stale_days"
    ):
        if days != learned.get((process, code)):
            wanted[learned.get((process, code))].append(pk)
    return sum(Stage.objects.filter(pk__in=ids).update(stale_days=days) for days, ids in wanted.items())
