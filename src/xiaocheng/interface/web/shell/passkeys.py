"""The login library's forms for passkeys, whose name it forgot to translate."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and what one calls it."""

    name = forms.CharField(label=_("名称"), required=False, max_length=100, help_text=_("例如:我的手机、蓝色安全密钥"))


class EditPasskey(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(label=_("名称"), max_length=100)
