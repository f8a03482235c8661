"""The link by which a customer answers an estimate on the phone."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.actor import Actor, Scope
from core.links import address_of, nonce_of, token_of
from core.rows import HouseModel, Rows
from service.models.visits import Visit


def phone_for(visit: Visit, to: str) -> str:
    """The number that a link is sent to: the driver's, or the owner's."""
    owner = visit.customer.phone if visit.customer else ""
    return owner if to == ConsentLink.To.OWNER else visit.driver_phone or owner


class ConsentLinkRows(Rows):
    """Reads of consent links."""

    def alive(self) -> Self:
        """Links a customer can still answer by."""
        return self.filter(closed_at__isnull=True, expires_at__gt=now())

    def by_token(self, token: str) -> Self:
        """The link of an address, if this house signed it."""
        nonce = nonce_of(token)
        return self.filter(nonce=nonce) if nonce else self.none()


class ConsentLink(HouseModel):
    """An unguessable address that shows the open lines of one order and takes the customer's answers until it expires.

    The address is the nonce signed with the house's key, so that it can be written into a message again and is
    kept nowhere in plain.
    """

    READ = "service.see_orders"
    STORE = "order__store"

    class To(models.TextChoices):
        """Who gets a link: the driver, or the owner where the driver may not agree alone."""

        DRIVER = "driver", _("To the driver")
        OWNER = "owner", _("To the owner")

    order = models.ForeignKey("service.Order", models.PROTECT, related_name="links")
    nonce = models.CharField(max_length=32, unique=True)
    made_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("open until"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = ConsentLinkRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(closed_at__isnull=True), name="consent_link_one_open")
        ]
        indexes = [models.Index(fields=["order", "-id"], name="consent_link_of_order")]

    def __str__(self) -> str:
        return str(self.order)

    @property
    def is_alive(self) -> bool:
        """Whether a customer can still answer by it."""
        return self.closed_at is None and self.expires_at > now()

    @property
    def is_answered(self) -> bool:
        """Whether the customer's own answer closed it; what was answered may still be read until it expires."""
        return self.closed_at is not None and self.closed_at == self.answered_at and self.expires_at > now()

    def customer(self, name: str = "") -> Actor:
        """The customer who holds the link: may answer by it, in this one store, and nothing else."""
        store = self.order.store
        scope = Scope(stores=frozenset({store.pk}), store_companies=frozenset({store.company_id}))
        return Actor("customer", self.order.visit.customer_id, name, "link", {"service.answer_link": scope})

    @property
    def token(self) -> str:
        """What stands in its address."""
        return token_of(self.nonce)

    @property
    def address(self) -> str:
        """The address that the customer opens."""
        return address_of(self.nonce)
