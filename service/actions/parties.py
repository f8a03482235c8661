"""Payers other than the customer: added, changed, no longer offered."""

from core.actor import Actor, allow_company
from core.logbook import record
from core.models import Company, Store
from core.rows import atomic, lock
from service.models import Party


@atomic
def add_party(*, company: Company, kind: str, name: str, terms_days: int, is_active: bool = True, by: Actor) -> Party:
    """Add somebody other than the customer who pays, with the days they have for it."""
    allow_company(by, "service.keep_parties", company.pk)
    party = Party.objects.create(
        company=company, kind=kind, name=" ".join(name.split()), terms_days=terms_days, is_active=is_active
    )
    record("party.added", party, by=by, name=party.name, kind=kind, terms_days=terms_days)
    return party


@atomic
def edit_party(party: Party, *, name: str, terms_days: int, is_active: bool, by: Actor) -> Party:
    """Change a payer's name or days to pay, or offer it no longer; what it owes already keeps its own date."""
    allow_company(by, "service.keep_parties", party.company_id)
    party = lock(party)
    changed = {}
    for field, value in {"name": " ".join(name.split()), "terms_days": terms_days, "is_active": is_active}.items():
        if getattr(party, field) != value:
            changed[field] = [getattr(party, field), value]
            setattr(party, field, value)
    if not changed:
        return party
    party.version += 1
    party.save(update_fields=[*changed, "version"])
    record("party.edited", party, by=by, **changed)
    return party


def own_party(store: Store, *, by: Actor) -> Party:
    """The store itself as a payer, for what it makes good: the one of its name, or the one in use; added where the
    company has none yet; told."""
    own = {"company": store.company, "kind": Party.Kind.STORE}
    found = Party.objects.by_use().filter(**own)
    party = found.filter(name=store.name).first() or found.first()
    if party is None:
        party, is_new = Party.objects.get_or_create(**own, name=store.name, defaults={"terms_days": 0})
        if is_new:
            record("party.added", party, by=by, name=party.name, kind=party.kind, terms_days=0)
    return party
