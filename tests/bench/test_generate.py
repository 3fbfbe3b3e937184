"""What the benchmark measures is a company that the product itself could have had."""

import pytest
from django.db import connection

from tests.bench.company import ADMIN, MANAGER, REP
from tests.bench.generate import fill
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.models import Person
from xiaocheng.foundation.org.queries import actor_for
from xiaocheng.insight import rollups
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.fieldwork.models import Visit
from xiaocheng.selling.pipeline.models import StageSpan
from xiaocheng.selling.pipeline.queries import opportunities

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SIZE = 240


def test_the_generated_company_is_consistent_and_who_signs_in_sees_what_he_should():
    fill(SIZE, without_indexes=False)
    assert Person.objects.count() == 200
    assert customers(SYSTEM).count() == opportunities(SYSTEM).count() == SIZE
    assert Visit.objects.visible_to(SYSTEM).count() == 10 * SIZE
    assert set(StageSpan.objects.visible_to(SYSTEM).values_list("exit_kind", flat=True)) == {
        "", "advanced", "skipped", "back", "lost",
    }  # fmt: skip
    assert measures.differences() == []
    assert rollups.differences() == []
    connection.check_constraints()
    rep, manager, admin = (actor_for(Person.objects.get(username=name)) for name in (REP, MANAGER, ADMIN))
    own = customers(rep, "mine").count()
    assert 0 < own < customers(manager, "team").count() < customers(admin).count() == SIZE
    mine = customers(rep, "mine").first()
    assert mine in customers(rep, "mine", mine.name[2:4])
    assert timeline("customers.customer", mine.pk)
