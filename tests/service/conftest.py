"""Doors of the service room's tests: a browser and a program in the name of one of the cast, a signature."""

import base64
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from PIL import Image, ImageDraw

from core.actions import make_token
from core.actor import CONSOLE

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def browser(cast: Any) -> Any:
    """Somebody of the cast in the browser."""

    def opened(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(cast.people[name], backend=BACKEND)
        return client

    return opened


@pytest.fixture
def program(cast: Any) -> Any:
    """A program that asks the REST door in somebody's name."""

    def opened(name: str) -> Any:
        client = Client(
            headers={"Authorization": f"Bearer {make_token(name='t', by=CONSOLE, employee=cast.people[name]).text}"}
        )

        def ask(path: str, body: Any = None, method: str = "post", **headers: str) -> Any:
            data = json.dumps(body or {}) if method != "get" else None
            return getattr(client, method)(f"/api/v1/{path}", data, content_type="application/json", headers=headers)

        return ask

    return opened


@pytest.fixture(scope="session")
def signed() -> str:
    """A signature as the pad sends it."""
    image = Image.new("RGB", (400, 160), "white")
    ImageDraw.Draw(image).line([(20, 120), (90, 30), (160, 130), (240, 40), (360, 100)], fill="black", width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


@pytest.fixture
def shelf(cast: Any) -> Any:
    """Hongda's catalogue: labour at the store's rate, oil, a filter, a wash at the lower VAT rate."""
    from service.models import CatalogueItem

    def item(kind: str, code: str, name: str, price: str | None, **more: Any) -> Any:
        given = {"company": cast.store.company, "kind": kind, "code": code, "name": name, "cost": Decimal(10)}
        return CatalogueItem.objects.create(**given, price=None if price is None else Decimal(price), **more)

    return {
        "labour": item("labour", "L-0101", "小保养", None, quantity=Decimal("0.8"), unit="h"),
        "oil": item("part", "P-1002", "全合成机油 5W-30", "98.00", quantity=Decimal("4.5"), unit="L"),
        "filter": item("part", "P-1001", "机油滤清器", "58.00", unit="个"),
        "wash": item("other", "S-0003", "精洗", "88.00", unit="次", supply="service", trade="detail"),
    }


@pytest.fixture
def menu(cast: Any, shelf: Any) -> Any:
    """小保养套餐: labour, oil and filter at 698 together, from 5,000 km on."""
    from service.models import Menu, MenuItem

    found = Menu.objects.create(
        company=cast.store.company, code="T-02", name="小保养套餐", price=Decimal(698), since_km=5000, is_quick=True
    )
    for name, quantity in (("labour", "0.8"), ("oil", "4.5"), ("filter", "1")):
        MenuItem.objects.create(menu=found, item=shelf[name], quantity=Decimal(quantity))
    return found
