"""Access tokens: made in one's own name on the account page, in an integration's name on the console."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from core import actions
from core.actor import CONSOLE
from core.models import AccessToken, Entry
from core.rows import Refused


def test_the_console_gives_an_integration_its_token(cast, client, capsys):
    call_command("make_token", cast.integration.username, "呼叫中心")
    text = capsys.readouterr().out.split()[-1]
    token = AccessToken.objects.get()
    assert (token.employee, token.name, token.tail) == (cast.integration, "呼叫中心", text[-4:])
    assert text not in token.digest
    asked = {"headers": {"Authorization": f"Bearer {text}"}}
    assert client.get("/api/v1/visits/", **asked).status_code == 200
    actions.revoke_token(token, by=CONSOLE)
    assert client.get("/api/v1/visits/", **asked).status_code == 401
    assert list(Entry.objects.order_by("id").values_list("verb", "door")) == [
        ("token.made", "console"),
        ("token.revoked", "console"),
    ]
    with pytest.raises(Refused):
        actions.revoke_token(token, by=CONSOLE)


def test_the_console_says_what_is_wrong(cast):
    with pytest.raises(CommandError, match="no account"):
        call_command("make_token", "nobody", "x")
    cast.integration.is_active = False
    cast.integration.save()
    with pytest.raises(CommandError, match="closed"):
        call_command("make_token", cast.integration.username, "x")


def test_at_a_desk_a_token_is_made_in_ones_own_name_only(cast, client):
    manager = cast.by("service_manager")
    with pytest.raises(PermissionDenied):
        actions.make_token(name="x", by=manager, employee=cast.finance_manager)
    with pytest.raises(PermissionDenied):
        actions.make_token(name="x", by=cast.by("advisor"))
    made = actions.make_token(name="报表", by=manager)
    with pytest.raises(PermissionDenied):
        actions.revoke_token(made.token, by=cast.by("general_manager"))
    client.force_login(cast.general_manager)
    assert client.post(f"/account/tokens/{made.token.pk}/revoke/").status_code == 404
    assert AccessToken.objects.filter(revoked_at=None).count() == 1
