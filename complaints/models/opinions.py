"""What customers say elsewhere, topic by topic."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows


class Opinion(HouseModel):
    """What a loaded suggestion says of one topic (price, space, comfort), and in which tone."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"

    class Tone(models.IntegerChoices):
        BAD = -1, _("Negative")
        NEUTRAL = 0, _("Neutral")
        GOOD = 1, _("Positive")

    complaint = models.ForeignKey("complaints.Complaint", models.CASCADE, related_name="opinions")
    topic = models.CharField(_("topic"), max_length=40)
    tone = models.SmallIntegerField(_("tone"), choices=Tone)
    word = models.CharField(_("word that tells it"), max_length=40, blank=True)

    objects = Rows.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["complaint", "topic"], name="opinion_topic_once")]
        indexes = [models.Index(fields=["topic", "tone"], name="opinion_by_topic")]

    def __str__(self) -> str:
        return f"{self.topic} {self.get_tone_display()}"
