"""Signing in: accounts are made by the house, nobody registers."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No open registration: an employee's account is made by the dealership."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
