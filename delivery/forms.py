"""Forms of the site's own pages."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from delivery.models import NoticeWish


class PlainFields:
    """Leaves out the placeholders: a label that vanishes while one types is no label."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(PlainFields, LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Signing in by either name of an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")


class NewAccountForm(PlainFields, SignupForm):  # type: ignore[misc]  # as above
    """Creating an account."""


class NewAddressForm(PlainFields, AddEmailForm):  # type: ignore[misc]  # as above
    """Adding an e-mail address."""


class OtherPasswordForm(PlainFields, ChangePasswordForm):  # type: ignore[misc]  # as above
    """Changing the password."""


class FirstPasswordForm(PlainFields, SetPasswordForm):  # type: ignore[misc]  # as above
    """Choosing a password for an account without one."""


class LostPasswordForm(PlainFields, ResetPasswordForm):  # type: ignore[misc]  # as above
    """Asking for the link that leads to a new password."""


class NewPasswordForm(PlainFields, ResetPasswordKeyForm):  # type: ignore[misc]  # as above
    """Choosing a new password after following that link."""


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # the user model is swappable
    """What a person is called."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        required=False,
        help_text=_("Your instructors and reports show this name."),
    )

    class Meta:
        """Only the name; address and password have pages of their own."""

        model = get_user_model()
        fields = ("first_name", "last_name")


class NoticeWishForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """When notices come by mail."""

    class Meta:
        """The one choice."""

        model = NoticeWish
        fields = ("mail",)
        widgets: ClassVar = {"mail": forms.RadioSelect}
