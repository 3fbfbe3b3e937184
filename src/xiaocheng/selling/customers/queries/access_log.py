"""Who had personal details shown, took them out as a file, or erased them: asked of the journal, not kept twice."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.import_export.events import ListExported
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.journal import Event, entries_about, entries_of
from xiaocheng.foundation.kernel.models import JournalEntry, JournalSubject
from xiaocheng.selling.customers.access import SEE_ACCESS_LOG
from xiaocheng.selling.customers.events import AccessLogShortened, DetailsRead, PersonalDataErased
from xiaocheng.selling.customers.models import Contact, Customer

ACTS: Mapping[str, tuple[Sentence, type[Event]]] = {
    "read": (_("显示联系方式"), DetailsRead),
    "export": (_("导出"), ListExported),
    "erase": (_("清除个人信息"), PersonalDataErased),
    "shorten": (_("删除到期的记录"), AccessLogShortened),
}
CUSTOMER, CONTACT = "customers.customer", "customers.contact"


def access_log(actor: Actor) -> QuerySet[JournalEntry]:
    """Every such act with the customer that it is about (`customer_id`, `customer`), the latest first.

    Exports that held no personal details are left out; those from before this was noted are in.
    """
    actor.require(SEE_ACCESS_LOG)
    about = JournalSubject.objects.filter(entry=OuterRef("pk"), kind=CUSTOMER).order_by("pk")
    named = Customer.objects.beyond_sight(because="a foreign key from a visible row shows the name only")
    harmless = Q(kind=ListExported.kind(), data__contains_details=False)
    rows = entries_of([event for _name, event in ACTS.values()]).filter(~harmless)
    return rows.annotate(customer_id=Subquery(about.values("row_id")[:1])).annotate(
        customer=Subquery(named.filter(pk=OuterRef("customer_id")).values("name")[:1])
    )


def log_of_customer(actor: Actor, rows: QuerySet[JournalEntry], customer_id: int) -> QuerySet[JournalEntry]:
    """Those of the acts that are about one customer."""
    actor.require(SEE_ACCESS_LOG)
    return rows.filter(pk__in=entries_about(CUSTOMER, [customer_id]))


def log_of_contact(actor: Actor, rows: QuerySet[JournalEntry], contact_id: int) -> QuerySet[JournalEntry]:
    """Those that are about one contact; what is shown of its customer shows the contact, too."""
    actor.require(SEE_ACCESS_LOG)
    contacts = Contact.objects.beyond_sight(because="only whose contact it is")
    customers = list(contacts.filter(pk=contact_id).values_list("customer_id", flat=True))
    shown = Q(kind=DetailsRead.kind(), pk__in=entries_about(CUSTOMER, customers))
    return rows.filter(shown | Q(pk__in=entries_about(CONTACT, [contact_id])))
