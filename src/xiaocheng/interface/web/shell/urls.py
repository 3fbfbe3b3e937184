"""Addresses of the shell: the person's own pages, the picker, and the login library's."""

from __future__ import annotations

from django.urls import include, path

from . import account, finding, pickers

urlpatterns = [
    path("me/", account.Me.as_view(), name="me"),
    path("language/", account.choose_language, name="language"),
    path("account/demo/", account.demo_login, name="demo-login"),
    path("search/", finding.Find.as_view(), name="find"),
    path("pick/<slug:name>/", pickers.pick, name="pick"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/company/", include("allauth.socialaccount.urls")),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
