"""Requests that carry a key, so that a retry or a double click does nothing twice."""

from django.db import models


class KeyedRequest(models.Model):
    """The answer once given to a key; asked again with the same key and body, it is given again."""

    asker = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=80, default="")
    location = models.CharField(max_length=500, default="")
    etag = models.CharField(max_length=80, default="")
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asker", "key"], name="keyed_request_once")]
        indexes = [models.Index(fields=["created_at"], name="keyed_request_age")]
