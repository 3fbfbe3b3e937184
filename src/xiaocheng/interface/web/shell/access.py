"""Who may open a page: declared on every view, enforced in one place, walked by a test.

A view without a declaration is refused to everybody and is an error of `manage.py check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.urls import URLPattern, URLResolver, get_resolver

from xiaocheng.foundation.kernel.actor import Actor

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """What a view asks: nothing, a login, capabilities, its own check (a token); a closed one exists for nobody."""

    capabilities: tuple[str, ...] = ()
    login: bool = True
    own_door: bool = False
    closed: bool = False

    def admits(self, actor: Actor) -> bool:
        """True when this actor may open what is declared so."""
        if self.closed:
            return False
        return not self.login or (actor.person_id is not None and actor.can(*self.capabilities))


ANYONE = Access(login=False)
SIGNED_IN = Access()
OWN_DOOR = Access(login=False, own_door=True)
CLOSED = Access(closed=True)

# Views that others wrote: by view name, or by namespace with a colon at the end.
FOREIGN: dict[str, Access] = {
    "account_login": ANYONE,
    "account_reset_password": ANYONE,
    "account_reset_password_done": ANYONE,
    "account_reset_password_from_key": ANYONE,
    "account_reset_password_from_key_done": ANYONE,
    "account_inactive": ANYONE,
    "account_logout": ANYONE,  # also ends a login that waits for its second step
    "account_signup": CLOSED,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_confirm_email": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_authenticate": ANYONE,  # the second step of a login
    "mfa_login_webauthn": ANYONE,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "socialaccount_login_cancelled": ANYONE,
    "socialaccount_login_error": ANYONE,
    "socialaccount_signup": CLOSED,
    "socialaccount_connections": SIGNED_IN,
    "openid_connect_login": ANYONE,
    "openid_connect_callback": ANYONE,
    "api:": OWN_DOOR,
    "api:openapi-view": SIGNED_IN,
}


def access(*needed: str | Access) -> Callable[[V], V]:
    """Declare who may open a view: ANYONE, SIGNED_IN, or the capabilities that are all needed.

    >>> @access("customers.register")
    ... class NewCustomer(FormScreen): ...
    """
    policies = [item for item in needed if isinstance(item, Access)]
    if (len(needed) != 1 and policies) or not needed:
        raise TypeError("access: one policy, or one or more capabilities")
    policy = policies[0] if policies else Access(capabilities=tuple(map(str, needed)))

    def declare(view: V) -> V:
        view.access = policy  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(view: Callable[..., Any], name: str = "") -> Access | None:
    """The policy that a view declares, or that is declared for somebody else's view of that name; None without any."""
    declared = getattr(getattr(view, "view_class", view), "access", None)
    if isinstance(declared, Access):
        return declared
    namespace = name.partition(":")[0] + ":" if ":" in name else ""
    return FOREIGN.get(name) or FOREIGN.get(namespace)


@dataclass(frozen=True)
class Route:
    """One address of the product: its pattern, its full name, its view and its policy."""

    pattern: str
    name: str
    view: Callable[..., Any]
    access: Access | None


def declared_routes() -> list[Route]:
    """Every route that the product answers, for the access matrix."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def may_open(actor: Actor, view_name: str) -> bool:
    """True when the actor may open the view of that name: no page shows a link that would be refused."""
    policy = _policies()[view_name]
    return policy is not None and policy.admits(actor)


@cache
def _policies() -> dict[str, Access | None]:
    return {route.name: route.access for route in declared_routes()}


def _walk(patterns: list[Any], before: str, namespace: str) -> Iterator[Route]:
    for item in patterns:
        pattern = before + str(item.pattern)
        if isinstance(item, URLResolver):
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from _walk(item.url_patterns, pattern, inner)
        elif isinstance(item, URLPattern):
            name = namespace + (item.name or "")
            yield Route(pattern, name, item.callback, policy_of(item.callback, name))
