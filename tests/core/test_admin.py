"""The support views are read-only and have the same eyes as every other door."""

import pytest
from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("support/", admin.site.urls), path("", include("dealer.urls"))]


@pytest.fixture
def support(cast, client, settings):
    settings.ROOT_URLCONF = __name__
    for name in ("monitor", "stranger", "technician"):
        cast.people[name].is_staff = True
        cast.people[name].save()

    def sign_in(name):
        client.force_login(cast.people[name])
        return client

    return sign_in


def test_readers_see_what_the_role_table_shows_them(cast, car, support):
    assert "刘建国" in support("monitor").get("/support/customers/customer/").content.decode()
    assert "刘建国" not in support("stranger").get("/support/customers/customer/").content.decode()
    assert support("technician").get("/support/customers/customer/").status_code == 403


def test_nothing_can_be_changed(cast, car, support):
    client, base = support("monitor"), "/support/customers/customer"
    assert client.get(f"{base}/{car.owner.pk}/change/").status_code == 200
    assert client.post(f"{base}/{car.owner.pk}/change/", {"name": "x"}).status_code == 403
    assert client.get(f"{base}/add/").status_code == 403
    assert client.post(f"{base}/{car.owner.pk}/delete/", {"post": "yes"}).status_code == 403
    car.owner.refresh_from_db()
    assert car.owner.name == "刘建国"


def test_every_model_on_show_is_read_only(db):
    from core.support import ReadOnly

    ours = [
        one for model, one in admin.site._registry.items() if model.__module__.split(".")[0] in ("core", "customers")
    ]
    assert len(ours) >= 12
    assert all(isinstance(one, ReadOnly) for one in ours)


def test_no_page_of_an_employee_holds_the_password(cast, support):
    page = support("monitor").get(f"/support/core/employee/{cast.cashier.pk}/change/").content.decode()
    assert cast.cashier.name in page
    assert cast.cashier.password not in page
    assert cast.cashier.password.split("$")[-1] not in page
