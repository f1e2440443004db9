"""How high each limit is: as the settings say, or as staff have set it.

Every number that a `Limit` counts up to stands in LIMITS, with its words for staff and
with bounds, so that nobody shuts everybody out or lets everything in by mistake.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from database.known import Known


@dataclass(frozen=True)
class Bounds:
    """What a setting limits, in words for staff, and the range they may choose from.

    `then` says what happens to who comes after.
    """

    words: Promise
    least: int
    most: int
    then: Promise


_HELD = _("What comes next waits for a moderator. We refuse nobody.")
_AN_HOUR = _("The reader can send the next one an hour later.")
_LATER = _("Emails wait for their turn.")
LIMITS = {
    "LIMIT_POSTS_A_MINUTE": Bounds(
        _("Forms a minute from one IP address"),
        30,
        10**5,
        _("Visitors read that they should wait a minute."),
    ),
    "LIMIT_ACTS_BEFORE_HELD": Bounds(
        _("Signatures, letters, follows or comments an hour from one IP address"),
        5,
        10**6,
        _HELD,
    ),
    "LIMIT_MAILS_TO_DOMAIN": Bounds(
        _("Emails an hour to addresses of one mail domain that nobody has confirmed"),
        5,
        10**6,
        _("Emails wait. Each person there who confirms lets 4 more leave that hour."),
    ),
    "LIMIT_MAILS_TO_ADDRESS": Bounds(
        _("Emails of one kind an hour to an address that somebody entered"),
        1,
        20,
        _("The newest one leaves when the hour is over."),
    ),
    "LIMIT_MAILS_TO_ADDRESS_A_DAY": Bounds(
        _("Emails of one kind a day to an address that somebody entered"),
        1,
        100,
        _("The newest one leaves when the day is over."),
    ),
    "LIMIT_LETTERS_A_DAY": Bounds(
        _("Letters a day from one writer, for one campaign"),
        1,
        20,
        _("The writer can send the next one on the next day."),
    ),
    "LIMIT_REPORTED_LETTERS_A_DAY": Bounds(
        _("Presses of “Yes, count my letter” a day from one browser, for one letter"),
        1,
        100,
        _("We do not count the next one."),
    ),
    "LIMIT_COMMENTS": Bounds(
        _("Comments an hour with one address from one network"),
        1,
        1000,
        _("The writer reads when they can post again, and keeps the text."),
    ),
    "COMMENT_MOST_LINKS": Bounds(
        _("Links that a comment may have without a moderator’s check"),
        0,
        20,
        _("The comment waits for a moderator."),
    ),
    "LIMIT_REPORTS_OF_NAMES": Bounds(
        _("Reports of signers’ names an hour from one IP address"), 1, 1000, _AN_HOUR
    ),
    "LIMIT_NOTICES": Bounds(
        _("Notices of illegal content an hour from one IP address"), 2, 1000, _AN_HOUR
    ),
    "LIMIT_CODE_TRIES_A_DAY": Bounds(
        _("Wrong codes a day for one mailbox"),
        5,
        100,
        _("Codes do not work until the next day. The link in the email does."),
    ),
    "LIMIT_SIGN_INS": Bounds(
        _("Sign-in attempts by staff an hour from one IP address"),
        10,
        1000,
        _("Nobody there can try again before the hour is over."),
    ),
    "LIMIT_SIGN_INS_TO_ACCOUNT": Bounds(
        _("Sign-in attempts by staff an hour for one account"),
        10,
        100,
        _("Nobody can try this account before the hour is over."),
    ),
    "MAILS_A_MINUTE": Bounds(
        _("Emails a minute that nobody is waiting for"), 1, 10**6, _LATER
    ),
    "WAITED_MAILS_A_MINUTE": Bounds(
        _("Emails a minute that somebody is waiting for"), 10, 10**6, _LATER
    ),
}


# Read in each statement that counts, so that a changed limit holds in every process at
# once. These are few rows of one page of the database.
NUMBERS = (
    "SELECT setting, own_number::text FROM safeguards_ownlimit"
    " WHERE own_number IS NOT NULL"
)


def note(numbers: Iterable[tuple[str, str]]) -> None:
    """Know what NUMBERS has just found."""
    _own.note({setting: int(number) for setting, number in numbers})


def number(setting: str) -> int:
    """The number of a limit: that of staff where they have set one, or the default."""
    own = _own.current().get(setting)
    return getattr(settings, setting) if own is None else own


class OwnLimitQuerySet(models.QuerySet["OwnLimit"]):
    def complete(self) -> None:
        """Make a row for each of LIMITS and delete all others; safe to call twice."""
        self.bulk_create(
            [self.model(setting=setting) for setting in LIMITS], ignore_conflicts=True
        )
        self.exclude(setting__in=LIMITS).delete()


class OwnLimit(models.Model):
    """One limit, and the number that staff have set for it, if any.

    Each limit has a row (safeguards/apps.py), so that the admin lists all of them.
    """

    setting = models.CharField(max_length=60, unique=True, editable=False)
    own_number = models.PositiveIntegerField(
        _("number set here"),
        null=True,
        blank=True,
        help_text=_("Applies at once. If empty, the site’s setting applies."),
    )
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )

    objects = OwnLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.words)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        transaction.on_commit(_own.learn)

    @property
    def words(self) -> Promise:
        return LIMITS[self.setting].words

    @property
    def usual_number(self) -> int:
        return getattr(settings, self.setting)

    @property
    def bounds(self) -> Bounds:
        return LIMITS[self.setting]

    def clean(self) -> None:
        bounds, own = self.bounds, self.own_number
        if own is not None and not bounds.least <= own <= bounds.most:
            words = _("Enter a number from %(least)s to %(most)s.")
            said = {"least": bounds.least, "most": bounds.most}
            raise ValidationError({"own_number": words % said})


def _read() -> dict[str, int | None]:
    rows = OwnLimit.objects.exclude(own_number=None)
    return dict(rows.values_list("setting", "own_number"))


_own: Known[dict[str, int | None]] = Known(_read, first={})
# For tests: use these as the numbers of staff, until told otherwise.
know = _own.know
