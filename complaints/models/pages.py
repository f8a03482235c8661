"""The public page of a store, reached by the QR code at its desk: an address that this house signed."""

from core.actor import Actor, Scope
from core.links import address_of, nonce_of, token_of
from core.models import Store

COMPLAIN = "/complain/{token}/"  # where anybody tells a store something
_MARK = "store:"  # no nonce of a case or of an estimate has a colon in it


def page_token(store: Store) -> str:
    """What stands in the address of a store's public page."""
    return token_of(f"{_MARK}{store.code}")


def page_address(store: Store) -> str:
    """The address of a store's public page, for the QR code on the desk."""
    return address_of(f"{_MARK}{store.code}", COMPLAIN)


def store_of_page(token: str) -> Store | None:
    """The store of an address, if this house signed it."""
    word = nonce_of(token) or ""
    if not word.startswith(_MARK):
        return None
    return Store.objects.select_related("company").filter(code=word.removeprefix(_MARK)).first()


def visitor(store: Store, name: str = "") -> Actor:
    """Somebody on a store's public page: may tell this one store something, and nothing else."""
    scope = Scope(stores=frozenset({store.pk}), store_companies=frozenset({store.company_id}))
    return Actor("customer", None, name, "link", {"complaints.complain": scope})
