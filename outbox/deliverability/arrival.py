"""A test mail to ourselves: its headers are read when it has come back."""

import secrets

from django.db import models
from django.utils import timezone

from database.personal_data import PersonalData
from outbox.deliverability import headers
from outbox.deliverability.headers import HeaderResult, NoHeaders
from outbox.keyed_addresses import KeyedAddress

TESTS = KeyedAddress("tests")


class ArrivedTest(models.Model):
    """What the headers of the last test mail said that came back; one row at most."""

    only = models.BooleanField(primary_key=True, default=True)
    at = models.DateTimeField()
    # [[name of its words, [what stands there]]]
    noted = models.JSONField(default=list)

    personal_data = PersonalData(about_nobody=("noted",))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(only=True), name="one_row_of_test_arrival"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def address(cls) -> str:
        """An address of ours, to which nobody else can send such a mail."""
        return TESTS.of(secrets.token_hex(4))

    @classmethod
    def note(cls, pasted: str) -> None:
        """Read the headers of a test mail that has come, and keep what they say."""
        try:
            found = headers.read(pasted)
        except NoHeaders:
            return
        noted = [[each.name, each.shown] for each in found]
        cls.objects.update_or_create(
            pk=True, defaults={"at": timezone.now(), "noted": noted}
        )

    @property
    def results(self) -> list[HeaderResult]:
        return [HeaderResult(name, tuple(shown)) for name, shown in self.noted]
