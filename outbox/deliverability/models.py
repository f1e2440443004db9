from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from database.personal_data import PersonalData
from outbox.deliverability.checks import SELECTOR, DomainFinding, check
from outbox.deliverability.words import PROBLEMS

MOST_SELECTOR = 63


class DomainCheck(models.Model):
    """What the DNS said of our domain when somebody asked last; one row at most."""

    only = models.BooleanField(primary_key=True, default=True)
    at = models.DateTimeField()
    # The domain that was looked up: that of the settings may be another one by now.
    domain = models.CharField(max_length=253)
    selector = models.CharField(max_length=MOST_SELECTOR, blank=True)
    # [[problem, [records found], [name, type, value] or null]]
    noted = models.JSONField(default=list)

    personal_data = PersonalData(about_nobody=("domain", "selector", "noted"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(only=True), name="one_row_of_domain_check"
            )
        ]

    def __str__(self) -> str:
        return self.domain

    @classmethod
    def last(cls) -> Self | None:
        """The last check, if it was of the domain that the settings name now."""
        return cls.objects.filter(domain=settings.MAIL_DOMAIN).first()

    @classmethod
    def make(cls, selector: str = "") -> Self:
        """Look it up now, which takes some seconds, and keep what was found."""
        found = check(selector)
        row = cls(
            at=timezone.now(),
            domain=settings.MAIL_DOMAIN,
            selector=selector,
            noted=[[each.problem, each.found, each.record] for each in found],
        )
        made, _new = cls.objects.update_or_create(
            pk=True,
            defaults={
                name: getattr(row, name)
                for name in ("at", "domain", "selector", "noted")
            },
        )
        return made

    @property
    def findings(self) -> list[DomainFinding]:
        """What was found; what an older version of the site has noted is left out."""
        return [
            DomainFinding(problem, tuple(found), tuple(record) if record else None)
            for problem, found, record in self.noted
            if problem in PROBLEMS
        ]


def is_selector(text: str) -> bool:
    """Whether this can be the selector of a DKIM key, one part of a name in the DNS."""
    return len(text) <= MOST_SELECTOR and bool(SELECTOR.fullmatch(text))
