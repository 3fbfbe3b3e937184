"""Who is asking. Every command and query takes an actor first; none takes a request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .errors import NotAllowed


@dataclass(frozen=True)
class Sight:
    """Whom a person sees: people (by reporting line or delegation) and departments (headed), or everyone."""

    people: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    everyone: bool = False

    def sees_person(self, person_id: int | None) -> bool:
        """True when this sight covers the person."""
        return self.everyone or person_id in self.people


@dataclass(frozen=True)
class Actor:
    """A person with capabilities and sight, perhaps acting for somebody absent; SYSTEM has no person."""

    person_id: int | None
    department_id: int | None = None
    capabilities: frozenset[str] = frozenset()
    roles: frozenset[int] = frozenset()  # his own, and of those for whom he stands in
    sight: Sight = field(default_factory=Sight)
    on_behalf_of: int | None = None
    is_system: bool = False
    opened: frozenset[str] | None = None  # the tables of which rows are opened to him today; None: not known
    entrusted: frozenset[str] = frozenset()  # those of which rows are opened to him to decide about, too
    only_entrusted: bool = False

    def can(self, *capabilities: str) -> bool:
        """True when the actor holds every one of the capabilities."""
        return self.is_system or self.capabilities.issuperset(capabilities)

    def has_one_of(self, roles: frozenset[int]) -> bool:
        """True when the actor has one of the roles; no roles name everybody."""
        return self.is_system or not roles or not self.roles.isdisjoint(roles)

    def require(self, *capabilities: str) -> None:
        """Refuse with 403 unless the actor holds every one of the capabilities."""
        for capability in capabilities:
            if not self.can(capability):
                raise NotAllowed(capability)

    def require_system(self) -> None:
        """Refuse every person: this is done at the command line alone."""
        if not self.is_system:
            raise NotAllowed("system")

    def may_be_opened(self, kind: str) -> bool:
        """False when no row of a table has been opened to the actor; most people then need not be asked about it."""
        return self.opened is None or kind in self.opened

    def standing_in_for(self, absent_id: int | None) -> Actor:
        """The same actor as whoever signs for somebody absent (None: in his own right); the journal then says so."""
        return replace(self, on_behalf_of=absent_id)

    def in_own_right(self) -> Actor:
        """The same actor without the rows that were only opened to him: he may look at those, not decide about them."""
        return replace(self, opened=self.entrusted, only_entrusted=True)

    def credited(self) -> tuple[int, int]:
        """The person and department to whom credit goes for what the actor does; the system is nobody."""
        if self.person_id is None or self.department_id is None:
            raise RuntimeError("this takes a person: the system cannot do it")
        return self.person_id, self.department_id


SYSTEM = Actor(person_id=None, sight=Sight(everyone=True), is_system=True)


@dataclass(frozen=True)
class Capability:
    """One thing that a role may be allowed to do; declared once in a module's access.py."""

    key: str
    name: object  # lazily translated
    for_roles: frozenset[str] = frozenset()  # standard roles that hold it from the start


_capabilities: dict[str, Capability] = {}


def capability(key: str, name: object, *roles: str) -> str:
    """Declare a capability (key "module.verb") and the standard roles that hold it; returns the key."""
    _capabilities[key] = Capability(key, name, frozenset(roles))
    return key


def capabilities() -> list[Capability]:
    """Every declared capability, by key."""
    return [_capabilities[key] for key in sorted(_capabilities)]


def standard_capabilities(role: str) -> list[str]:
    """The capabilities that a standard role ("director", "manager", "administrator", "rep", "promoter") starts with."""
    return [item.key for item in capabilities() if role in item.for_roles]
