"""Signing in and out, and the keys of one's own account. Nobody signs themselves up.

Only these pages of allauth are served. The names that allauth itself looks up and that a closed
district has no use for (sign-up, e-mail, reset) lead to the page that says whom to ask.
"""

from allauth.account import views
from allauth.mfa.base import views as mfa
from django.urls import include, path
from django.views.generic import TemplateView

from onesystem.care.tasks.offline_pages import signing_out
from onesystem.web.language.choosing import choose

_ASK = TemplateView.as_view(template_name="account/ask.html")

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", signing_out(views.logout), name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("help/", _ASK, name="account_reset_password"),
    path("help/sign-up/", _ASK, name="account_signup"),
    path("help/email/", _ASK, name="account_email"),
    path("help/password/", _ASK, name="account_set_password"),
    path("", mfa.index, name="mfa_index"),
    path("authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("app/", include("allauth.mfa.totp.urls")),
    path("keys/", include("allauth.mfa.webauthn.urls")),
    path("language/", choose, name="choose_language"),
    path("codes/", include("allauth.mfa.recovery_codes.urls")),
]
