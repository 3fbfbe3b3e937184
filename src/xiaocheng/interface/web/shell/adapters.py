"""How the login library meets our people: nobody signs up; a company login is matched to a person that exists."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from xiaocheng.foundation.org.queries import Person, person_by_username, person_signed_in

from .errors import StaleForm
from .http import refuse


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Finds the person of a session together with the role, in one statement."""

    def get_user(self, user_id: Any) -> Person | None:
        """The active person, else nobody."""
        return person_signed_in(int(user_id))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by the administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The company's identity provider is trusted for login names."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a first login to the person of the same login name, or refuse it."""
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = {**claims, **claims.get("id_token", {}), **claims.get("userinfo", {})}
        person = person_by_username(str(claims.get("preferred_username") or ""))
        if person is None:
            told = StaleForm(_("公司账号已通过验证,但这里没有同名的登录名。请联系管理员添加。"))
            raise ImmediateHttpResponse(refuse(request, told))
        sociallogin.connect(request, person)
