"""Visits to a page of somebody's own, by a link that only their mailbox gets.

Supporters and officials have such pages. Each has a cookie of its own: somebody who
reads letters in an office may write letters at home (decision 22).
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from outbox.mailed_keys import OneTimeKey
from pages.same_origin import public_form


def make_key() -> str:
    return secrets.token_urlsafe(16)


def link_limit() -> datetime:
    """A link in a mail that was sent before this moment does not work any more."""
    return timezone.now() - timedelta(minutes=settings.VISIT_LINK_MINUTES)


class MailedVisitQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Not opened yet, and the mail, if there was one, is still good."""
        return self.filter(opened_at=None).exclude(sent_at__lt=link_limit())


class MailedVisit(models.Model):
    """One visit to somebody's page: asked for by anybody, opened by its owner.

    The key in the page's address opens nothing without the browser's cookie. The key in
    the mail is random, works once and for a short time, and is stored as a hash, since
    it opens everything.
    """

    # The field with whose page it is.
    owner_field = ""

    key = models.CharField(max_length=22, unique=True, default=make_key)
    mail_key = OneTimeKey()
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    objects = MailedVisitQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_of_today(self) -> bool:
        """Whether the page still belongs to whoever holds the mailbox."""
        return True

    @property
    def is_waiting(self) -> bool:
        """Whether the link in its mail is still good."""
        is_late = self.sent_at and self.sent_at < link_limit()
        return self.opened_at is None and not is_late and self.is_of_today

    @property
    def is_going_on(self) -> bool:
        since = timezone.now() - timedelta(hours=settings.VISIT_HOURS)
        return bool(self.opened_at and self.opened_at >= since) and self.is_of_today

    @property
    def is_superseded(self) -> bool:
        """Whether a newer one waits for the same mailbox."""
        owner = {self.owner_field: getattr(self, self.owner_field)}
        newer = type(self)._default_manager.filter(pk__gt=self.pk, **owner)
        return newer.waiting().exists()

    def open(self) -> bool:
        """Let its owner in, once; False when it was opened before, or is too old."""
        with transaction.atomic():
            mine = type(self)._default_manager.waiting().filter(pk=self.pk)
            if not mine.update(opened_at=Now()):
                return False
            self.note_opened()
        return True

    def note_opened(self) -> None:
        """Store what else follows, in the same transaction."""


def for_owner(
    visits: models.QuerySet,
    is_of: Callable[[HttpRequest, Any], bool],
    expired: Callable[[HttpRequest, Any], HttpResponse],
) -> Callable:
    """What makes a view `view(request, visit, …)` of an address with the visit's key.

    The key alone is not enough. The visit must have been opened today, and `is_of` says
    whether by this browser. The page is never cached.
    """

    def of_owner(view):
        @public_form
        @wraps(view)
        def guarded(request, key, *args, **kwargs):
            visit = visits.filter(key=key).first()
            if visit is None or not visit.is_going_on or not is_of(request, visit):
                return expired(request, visit)
            response = view(request, visit, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    return of_owner
