"""What becomes of the letters, for the desk: of one campaign, or of all of them."""

from statistics import median

from django.db.models import Case, Count, Max, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letters.recipients.stances import Stance
from letters.sending.deliveries import Delivery
from letters.suggested.models import SuggestedLetter
from letters.writing.models import Letter
from letters.writing.reported import ReportedLetter
from outbox.models import Outcome
from reporting.figures import ByKind, Figure, OverTime, days
from reporting.funnel import FunnelStep
from supporters.acts.equal_posts import but_repeats

ARRIVED = Q(outcome=Outcome.SENT) | Q(accepted_at__isnull=False)
# The states of a delivery, as DeliveryState says them; the first that is true counts.
STATES = {
    "answered": (_("Answered"), Q(was_answered=True)),
    "bounced": (_("Came back"), Q(bounced_at__isnull=False)),
    "refused": (_("Refused"), Q(outcome=Outcome.REFUSED)),
    "gave-up": (_("Not delivered"), Q(outcome=Outcome.GIVEN_UP)),
    "stopped": (_("Stopped, not sent"), Q(outcome=Outcome.STOPPED)),
    "accepted": (_("Accepted by their server"), Q(accepted_at__isnull=False)),
    "handed": (_("Handed to our mail service"), Q(outcome=Outcome.SENT)),
    "maybe": (_("May have arrived"), Q(outcome=Outcome.IN_DOUBT)),
    "waiting": (_("Waiting, or to be tried again"), Q()),
}
STATE = Case(
    *[When(rule, then=Value(key)) for key, (_label, rule) in STATES.items() if rule],
    default=Value("waiting"),
)
FAILED = ("bounced", "refused", "gave-up")
# Only the recipients with most letters, since a list may hold thousands.
MOST_RECIPIENTS = 200
# Upper ends of the steps in days; their words follow from the days.
STEPS = (0, 1, 3, 7, 14, 30)
HALF_OF_TOLD = _("Half of the answers that writers told us about came within %(days)s.")
HALF_OF_ENTERED = _("Half of the answers that we entered came within %(days)s.")


def figures():
    sees = "letters.view_delivery"
    return [
        Figure("written", _("Letters written"), "letters.view_letter", written),
        Figure("letters", _("Deliveries by state"), sees, by_state),
        Figure("recipients", _("Letters by recipient"), sees, by_recipient),
        Figure("answers", _("Days until an answer"), sees, until_answered),
    ]


def written(campaign, period):
    letters = Letter.objects.filter(follow_of=None, is_repeat=False)
    if campaign is not None:
        letters = letters.filter(suggested_letter__campaign=campaign)
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
    numbers = _by_day(_asking(campaign), "confirmed_at", period)
    own = ReportedLetter.objects.counted().filter(suggested_letter__campaign=campaign)
    for day, number in _by_day(own, "reported_at", period).items():
        numbers[day] = numbers.get(day, 0) + number
    note = _("Letters that we send, and those that writers say they sent themselves.")
    return [FunnelStep(4, "wrote", _("Wrote a letter"), numbers, note)]


def sent_in(campaigns):
    """How many letters were written in each campaign, by campaign, as on its page."""
    found = {}
    own = ReportedLetter.objects.counted()
    for rows in (_asking(None).filter(confirmed_at__isnull=False), own):
        counted = rows.filter(suggested_letter__campaign__in=campaigns).order_by()
        grouped = counted.values_list("suggested_letter__campaign")
        for pk, number in grouped.annotate(n=Count("pk")):
            found[pk] = found.get(pk, 0) + number
    return found


def _asking(campaign):
    """Letters that ask for what a campaign asks, without repeats."""
    letters = Letter.objects.filter(follow_of=None, is_repeat=False, is_thanks=False)
    if campaign is None:
        return letters
    return letters.filter(suggested_letter__campaign=campaign)


def by_state(campaign, period):
    rows = _deliveries(campaign).filter(**period.within("queued_at"))
    rows = rows.annotate(day=period.day_of("queued_at"), known=STATE)
    found = {key: {} for key in STATES}
    counted = rows.order_by().values_list("known", "day").annotate(n=Count("pk"))
    for key, day, number in counted:
        found[key][day] = number
    return OverTime(
        {label: found[key] for key, (label, _rule) in STATES.items()},
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
            arrived=Count("pk", filter=ARRIVED & Q(bounced_at=None)),
            failed=Count("pk", filter=Q(known__in=FAILED)),
            waiting=Count("pk", filter=Q(known="waiting")),
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


def until_answered(campaign, period):
    told, entered = _told(campaign, period), _entered(campaign, period)
    return ByKind(
        [_("Days"), _("Writers told us"), _("We entered")],
        [
            (words, [_between(told, after, up_to), _between(entered, after, up_to)])
            for words, after, up_to in _steps()
        ]
        if told or entered
        else [],
        note=_(
            "“Writers told us” shows what writers say on their receipts, in days "
            "after their letter left. “We entered” shows “Where they stand”, in "
            "days from an official’s first letter to the first answer."
        ),
        extra=[
            sentence % {"days": days(round(median(found)))}
            for sentence, found in ((HALF_OF_TOLD, told), (HALF_OF_ENTERED, entered))
            if found
        ],
    )


def _deliveries(campaign):
    deliveries = Delivery.objects.filter(is_repeat=False)
    if campaign is None:
        return deliveries
    return deliveries.filter(letter__suggested_letter__campaign=campaign)


def _by_day(rows, name, period):
    rows = rows.filter(**{f"{name}__isnull": False}, **period.within(name))
    rows = rows.annotate(day=period.day_of(name)).order_by()
    return dict(rows.values_list("day").annotate(n=Count("pk")))


def _told(campaign, period):
    """Days from handing over to the answer, for each answer that a writer told of."""
    rows = _deliveries(campaign).filter(
        outcome=Outcome.SENT,
        was_answered=True,
        answered_at__isnull=False,
        **period.within("settled_at"),
    )
    handed, answered = (period.day_of(name) for name in ("settled_at", "answered_at"))
    rows = rows.annotate(handed=handed, answered=answered)
    counted = rows.order_by().values_list("handed", "answered").annotate(n=Count("pk"))
    found = []
    for since, to, number in counted:
        found += [max(0, (to - since).days)] * number
    return found


def _entered(campaign, period):
    """Days from the first letter to an official to the first answer after it."""
    entries = Stance.objects.order_by("day", "pk")
    if campaign is not None:
        entries = entries.filter(letter__campaign=campaign)
    asked, answered = {}, {}
    for letter, recipient, kind, day in entries.values_list(
        "letter", "recipient", "kind", "day"
    ):
        key = letter, recipient
        if kind == Stance.Kind.ASKED:
            asked[key] = day
        else:
            answered.setdefault(key, []).append(day)
    return [
        (min(after) - since).days
        for key, since in asked.items()
        if (period.first is None or since >= period.first) and since <= period.last
        if (after := [day for day in answered.get(key, ()) if day >= since])
    ]


def _steps():
    """Each step's words, and the days after which and until which it is."""
    after = -1
    for up_to in STEPS:
        if up_to == 0:
            words = gettext("The same day")
        elif up_to == after + 1:
            words = days(up_to)
        else:
            words = gettext("%(first)d to %(last)d days") % {
                "first": after + 1,
                "last": up_to,
            }
        yield words, after, up_to
        after = up_to
    yield gettext("More than %s") % days(after), after, None


def _between(numbers, after, up_to):
    return sum(after < n and (up_to is None or n <= up_to) for n in numbers)
