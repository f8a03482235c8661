"""The outbox: what customers are told, and whether it could be sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Queued


class Message(Queued):
    """One message to a customer, stored as code and parameters; without a provider it says so and waits for a hand."""

    READ = "customers.see_messages"

    class Code(models.TextChoices):
        CAR_READY = "car_ready", _("Your car is ready")
        NEW_PROMISE = "new_promise", _("Your car will be ready later")

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        PHONE = "phone", _("Phone")
        WECHAT = "wechat", _("WeChat")
        COUNTER = "counter", _("In person")

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="messages")
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    code = models.CharField(_("message"), max_length=20, choices=Code)
    params = models.JSONField(default=dict)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    by_hand = models.BooleanField(_("told by hand"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["store", "-id"], name="message_of_store")]

    def __str__(self) -> str:
        return f"{self.get_code_display()} · {self.customer or self.phone}"
