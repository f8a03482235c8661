"""The house's front: every room's paths, sign-in, the REST door and its description."""

from allauth.account import views as account
from django.urls import include, path

urlpatterns = [
    path("", include("dealer.pages")),
    path("", include("core.urls")),
    path("", include("customers.urls")),
    path("", include("service.urls")),
    path("", include("complaints.urls")),
    path("", include("finance.urls")),
    path("api/", include("dealer.api_urls")),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
]
