"""What becomes of the letters of a campaign, for the desk."""

from django.db.models import Case, Count, Max, Q, Value, When
from django.utils.translation import gettext_lazy as _

from letters.sending.deliveries import Delivery, WhyStopped
from letters.sending.status import Status
from letters.suggested.models import SuggestedLetter
from letters.writing.models import Letter
from letters.writing.reported import ReportedLetter
from reporting.figures import ByKind, Figure, OverTime
from reporting.funnel import FunnelStep
from supporters.acts.equal_posts import but_repeats

ARRIVED = (Status.ACCEPTED, Status.HANDED)
FAILED = (Status.BOUNCED, Status.REFUSED, Status.GIVEN_UP)
# An answer counts more than what came of the mail.
STATES = {"answered": _("Answered"), **dict(Status.choices)}
STATE = Case(When(was_answered=True, then=Value("answered")), default="status")
# Only the recipients with most letters, since a list may hold thousands.
MOST_RECIPIENTS = 200


def figures():
    sees = "letters.view_delivery"
    return [
        Figure("written", _("Letters written"), "letters.view_letter", written),
        Figure("letters", _("Deliveries by state"), sees, by_state),
        Figure("recipients", _("Letters by recipient"), sees, by_recipient),
    ]


def written(campaign, period):
    letters = Letter.objects.filter(
        suggested_letter__campaign=campaign, follow_of=None, is_repeat=False
    )
    return OverTime(
        {
            _("Written"): _by_day(but_repeats(letters), "created_at", period),
            _("Confirmed"): _by_day(letters, "confirmed_at", period),
        },
        period,
        note=_(
            "These are letters that the site sends, without follow-ups. We delete "
            "unconfirmed letters after a few days, so “written” is complete only "
            "for the newest days."
        ),
    )


def funnel(user, campaign, period):
    """Letters that were confirmed, and those that their writers sent themselves."""
    if not user.has_perm("letters.view_letter"):
        return []
    if not SuggestedLetter.objects.filter(campaign=campaign).exists():
        return []
    asking = _asking().filter(suggested_letter__campaign=campaign)
    numbers = _by_day(asking, "confirmed_at", period)
    own = ReportedLetter.objects.counted().filter(suggested_letter__campaign=campaign)
    for day, number in _by_day(own, "reported_at", period).items():
        numbers[day] = numbers.get(day, 0) + number
    note = _("Letters that we send, and those that writers say they sent themselves.")
    return [FunnelStep(4, "wrote", _("Wrote a letter"), numbers, note)]


def sent_in(campaigns):
    """How many letters were written in each campaign, by campaign, as on its page."""
    found = {}
    own = ReportedLetter.objects.counted()
    for rows in (_asking().filter(confirmed_at__isnull=False), own):
        counted = rows.filter(suggested_letter__campaign__in=campaigns).order_by()
        grouped = counted.values_list("suggested_letter__campaign")
        for pk, number in grouped.annotate(n=Count("pk")):
            found[pk] = found.get(pk, 0) + number
    return found


def _asking():
    """Letters that ask for what their campaign asks, without repeats."""
    return Letter.objects.filter(follow_of=None, is_repeat=False, is_thanks=False)


def by_state(campaign, period):
    rows = _deliveries(campaign).filter(**period.within("queued_at"))
    rows = rows.annotate(day=period.day_of("queued_at"), known=STATE)
    found = {key: {} for key in STATES}
    counted = rows.order_by().values_list("known", "day").annotate(n=Count("pk"))
    for key, day, number in counted:
        found[key][day] = number
    return OverTime(
        {label: found[key] for key, label in STATES.items()},
        period,
        note=_(
            "One letter to one official counts once: on the day it was confirmed, "
            "and in its state now. A follow-up counts as another letter."
        ),
    )


def by_recipient(campaign, period):
    rows = (
        _deliveries(campaign)
        .filter(**period.within("queued_at"))
        .annotate(known=STATE)
        .order_by()
        .values("recipient")
        .annotate(
            label=Max("label"),
            letters=Count("pk"),
            arrived=Count("pk", filter=Q(status__in=ARRIVED)),
            failed=Count("pk", filter=Q(known__in=FAILED)),
            waiting=Count("pk", filter=Q(known=Status.WAITING)),
            answered=Count("pk", filter=Q(was_answered=True)),
        )
        .order_by("-letters", "label", "recipient")[:MOST_RECIPIENTS]
    )
    numbers = ("letters", "arrived", "failed", "waiting", "answered")
    return ByKind(
        [
            _("Recipient"),
            _("Letters"),
            _("Handed over"),
            _("Failed"),
            _("Waiting"),
            _("Answered"),
        ],
        [(row["label"], [row[name] for name in numbers]) for row in rows],
    )


def _deliveries(campaign):
    of_campaign = Delivery.objects.filter(letter__suggested_letter__campaign=campaign)
    return of_campaign.exclude(stopped_for=WhyStopped.REPEAT)


def _by_day(rows, name, period):
    rows = rows.filter(**{f"{name}__isnull": False}, **period.within(name))
    rows = rows.annotate(day=period.day_of(name)).order_by()
    return dict(rows.values_list("day").annotate(n=Count("pk")))
