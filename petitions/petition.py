from dataclasses import dataclass
from datetime import timedelta
from itertools import count, takewhile

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Milestone, address
from database.retention import months_ago
from petitions import beside
from petitions.counting.models import TallyEntry
from petitions.elsewhere import Elsewhere
from petitions.names.shown_as import ShownAs
from petitions.wordings import KeepsItsMeaning, WordingsDecoder
from supporters.acts.act import TooLate
from supporters.acts.confirmations import hash_of_words
from supporters.acts.posting import Posting
from supporters.models import Follow
from versions.texts import register

# Goals that are near enough to reach: 1, 1.5, 2.5, 5, 7.5 times a power of ten.
GOAL_STEPS = (10, 15, 25, 50, 75)
BAR_FROM = 50
# Readers are told when these goals are reached, from a hundred on: 100, 250, 500,
# 1,000, 2,500 …
TOLD_STEPS = (10, 25, 50)
TOLD_FROM = 100


class PetitionClosed(TooLate):
    """Nobody can sign: the campaign has ended or not begun, or signing is paused."""


# Count and numbers of countries and languages must be of one moment, so one statement
# reads them. It is SQL for the machine at a viral peak: the ORM needs a statement more,
# and makes an action page cost 1.11 times as much (bench/run.py, “Uncached page”;
# decision 5).
_WITH_STANDING = """
    SELECT petition.*, standing.*, coalesce((
        SELECT json_agg(json_build_array(place, number, seen_on, url)
            ORDER BY number DESC, id) FROM petitions_elsewheretotal
        WHERE petition_id = petition.id
    ), '[]') AS elsewhere_rows, {brought} AS brought
    FROM petitions_petition AS petition CROSS JOIN LATERAL (
        SELECT coalesce(sum(total) FILTER (WHERE of_country), 0)::bigint AS count,
            count(*) FILTER (WHERE of_country AND total <> 0) AS countries,
            coalesce(sum(paper) FILTER (WHERE of_country), 0)::bigint AS on_paper,
            count(*) FILTER (WHERE language <> '' AND total <> 0) AS languages
        FROM (
            SELECT language, GROUPING(language) = 1 AS of_country, sum(delta) AS total,
                sum(delta) FILTER (WHERE on_paper) AS paper FROM petitions_tallyentry
            WHERE petition_id = petition.id
            GROUP BY GROUPING SETS ((country), (language))
        ) AS sums
    ) AS standing
"""


def _with_standing(where):
    return (_WITH_STANDING + where).format(brought=beside.brought())


class PetitionQuerySet(models.QuerySet):
    def whose_names_go(self):
        """Petitions whose signers become anonymous now.

        That is KEEP_SIGNERS_MONTHS after the end, if the petition was handed over more
        than KEEP_AFTER_HANDOVER_DAYS ago, or if staff decided that it will not be. In
        any case it is KEEP_SIGNERS_AT_MOST_MONTHS after the end.
        """
        since = timezone.localdate() - timedelta(days=settings.KEEP_AFTER_HANDOVER_DAYS)
        in_any_case = self.ended_months_ago(settings.KEEP_SIGNERS_AT_MOST_MONTHS)
        return self.ended_months_ago(settings.KEEP_SIGNERS_MONTHS).filter(
            Exists(handed_over().filter(day__lte=since))
            | Q(names_let_go_at__isnull=False)
            | Q(pk__in=in_any_case)
        )

    def ended_months_ago(self, months, ahead=timedelta(0)):
        """Petitions of campaigns that ended so many months before now plus `ahead`."""
        ended = Campaign.objects.ended_before(months_ago(months) + ahead)
        return self.filter(campaign__in=ended)

    def of_campaign(self, campaign):
        """The campaign's petition with its standing, or None."""
        where = "WHERE petition.campaign_id = %s"
        petition = next(iter(self.raw(_with_standing(where), [campaign.pk])), None)
        if petition is not None:
            petition.campaign = campaign
            petition.standing = Standing.of(petition, campaign)
        return petition

    def to_sign(self):
        """Petitions without the campaign's story, which would be a tenth of signing."""
        of_campaign = (
            *("slug", "language", "published_at", "deleted_at"),
            *("opens_at", "closes_at", "closed_at"),
        )
        fields = [f"campaign__{name}" for name in of_campaign]
        return self.select_related("campaign").only("ask", "paused_at", *fields)

    def with_goal_to_tell(self):
        """Petitions that have reached a goal of which readers were not told yet.

        Not those whose number was final some hours ago.
        """
        hours = timedelta(hours=settings.CONFIRM_AFTER_END_HOURS + 1)
        over = Campaign.objects.ended_before(timezone.now() - hours)
        public = self.filter(campaign__in=Campaign.objects.published())
        found = (
            public.exclude(campaign__in=over).with_count().filter(count__gte=TOLD_FROM)
        )
        for petition in (found := found.select_related("campaign")):
            petition.standing = Standing(petition.count, 0)
        return [each for each in found if each.standing.reached > each.goal_told]

    def with_count(self):
        """Each petition with `count`, the sum of its tally, in the same statement."""
        total = (
            TallyEntry.objects.filter(petition=OuterRef("pk"))
            .values("petition")
            .annotate(total=Sum("delta"))
            .values("total")
        )
        return self.annotate(count=Coalesce(Subquery(total), 0))


class Petition(KeepsItsMeaning, models.Model):
    """What a campaign asks people to put their name to."""

    campaign = models.OneToOneField(
        Campaign,
        on_delete=models.PROTECT,
        related_name="petition",
        verbose_name=_("campaign"),
    )
    ask = models.CharField(
        _("the sentence that people sign"),
        max_length=500,
        help_text=_("Do not change it once people have signed it."),
    )
    # Rows of Wording, the oldest first.
    earlier = models.JSONField(
        default=tuple, db_default=[], editable=False, decoder=WordingsDecoder
    )
    names_hidden = models.BooleanField(
        _("hide all names now"),
        default=False,
        db_default=False,
        help_text=_("No signer’s name appears on the site, whatever they chose."),
    )
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True, editable=False)
    # The highest goal of which readers were told that it is reached.
    goal_told = models.PositiveIntegerField(default=0, editable=False)
    # Until when signatures are in the numbers of each day (counting/models.py).
    signed_noted_until = models.DateTimeField(null=True, editable=False)
    # Set when staff say that it will not be handed over (handover/keeping_names.py).
    names_let_go_at = models.DateTimeField(null=True, blank=True, editable=False)
    names_let_go_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")

    def __str__(self):
        return self.ask

    @cached_property
    def standing(self):
        """The count and the number of countries, read in one statement at first use."""
        where = "WHERE petition.id = %s"
        [petition] = Petition.objects.raw(_with_standing(where), [self.pk])
        return Standing.of(petition, self.campaign)

    @property
    def signed_as(self):
        return self

    @property
    def told_ask(self):
        """What people sign, in the language in which the campaign says its texts."""
        told = self.campaign.told
        return (told and told.ask) or self.ask

    @property
    def ask_in(self):
        """The language of told_ask."""
        return self.campaign.language_of("ask")

    @property
    def leaves_out(self):
        """Whether a page shows its ask in another language than its own."""
        return self.ask_in != get_language()

    @property
    def is_open(self):
        """Whether people can sign now."""
        return self.campaign.is_open and self.paused_at is None

    @property
    def confirms_until(self):
        """The moment until which a signature from before the end can be confirmed.

        None for a campaign without an end.
        """
        ended_at = self.campaign.ended_at
        hours = timedelta(hours=settings.CONFIRM_AFTER_END_HOURS)
        return ended_at and ended_at + hours

    @property
    def is_final(self):
        """Whether the campaign ended so long ago that nobody can confirm any more."""
        until = self.confirms_until
        return until is not None and until <= timezone.now()

    @property
    def shows_names(self):
        """Whether signers who agreed are shown, which is until the campaign ends."""
        return self.campaign.is_open and not self.names_hidden

    def pause(self):
        """Take no signatures for now. False when it is paused already, or has ended.

        What was signed before can be confirmed all the while (decision 14).
        """
        if self.campaign.has_ended:
            return False
        return self._set_pause(timezone.now(), paused_at=None)

    def resume(self):
        """Take signatures again. Returns False when it is not paused."""
        return self._set_pause(None, paused_at__isnull=False)

    def _set_pause(self, moment, **only):
        is_changed = Petition.objects.filter(pk=self.pk, **only).update(
            paused_at=moment
        )
        self.refresh_from_db(fields=["paused_at"])
        address.forget_pages(self.campaign)
        return bool(is_changed)

    def tell_of_goal(self):
        """Tell readers of the highest goal that is reached, unless they know.

        Each goal is told once, also when the count falls below it and rises again.
        """
        reached = self.standing.reached
        mine = Petition.objects.filter(pk=self.pk, goal_told__lt=reached)
        with transaction.atomic():
            if mine.update(goal_told=reached):
                Milestone.objects.create_reached(self.campaign, reached)

    def let_names_go(self, by):
        """Note that it will not be handed over, so that its names need not be kept."""
        undecided = Petition.objects.filter(pk=self.pk, names_let_go_at=None)
        undecided.update(names_let_go_at=timezone.now(), names_let_go_by=by)

    def keep_names(self):
        """Keep the names that are still there, until the petition is handed over."""
        Petition.objects.filter(pk=self.pk).update(
            names_let_go_at=None, names_let_go_by=None
        )

    def sign(
        self,
        *,
        name,
        city,
        country,
        shown_as,
        shown_name=None,
        consents,
        network_hash=None,
        hears_outcome=False,
        referral_code=None,
        name_found="",
        **posted,
    ):
        """Take a signature and mail its owner what makes it count.

        It is always a new row that waits. Whether the address has signed before is
        looked at only when it is confirmed, so that nothing here can reveal it. A
        signature that is held for a reason gets no mail until a moderator releases it,
        or the worker finds that its address has confirmed before. Each keeps the hash
        of its network for some weeks, so that signatures from one place can be found.

        `shown_name` is the name that its owner saw and that the page will show. If
        nobody was asked, it is what their choice proposes, or nothing. `referral_code`
        stands in the link by which they came; nobody looks it up now. `name_found` is
        what the judgement of public text has found: the name is hidden until a
        moderator shows it, and all else is as for everybody. Posting explains
        `consents` and what is `posted`. Raises PetitionClosed.
        """
        if not self.is_open:
            raise PetitionClosed
        if shown_name is None:
            shown_name = ShownAs(shown_as).propose(name, country)
        shown_as = shown_as if shown_name else ShownAs.NO
        kind = type(self).signatures.rel.related_model
        said = hash_of_signature(
            *(name, city, country, shown_as, shown_name, hears_outcome),
            consents=consents,
        )
        posting = Posting(kind, self.campaign, said=said, consents=consents, **posted)
        signature = kind(
            petition=self,
            confirmation=posting.confirmation,
            name=name,
            city=city,
            country=country,
            shown_as=shown_as,
            shown_name=shown_name,
            name_hidden_at=timezone.now() if name_found else None,
            name_hidden_for=name_found or None,
            network_hash=network_hash,
            referral_code=referral_code,
            language=posting.confirmation.language,
        )
        if not hears_outcome:
            return posting.ask_or_confirm(signature)
        outcome = Follow.objects.waiting_for_outcome(posting.confirmation)
        return posting.ask_or_confirm(signature, outcome)


register(
    Petition,
    rows=["elsewhere"],
    left_out=["paused_at", "goal_told", "signed_noted_until"],
    stays=["campaign", "names_hidden", "names_let_go_at", "names_let_go_by"],
    along=["referral_links"],
    instead=_("Close its campaign instead: its page and its count stay, and end."),
)


@dataclass(frozen=True)
class Standing:
    """How a petition stands: its count, its next goal, from how many countries.

    `on_paper` is a part of the count, and so is `brought`: what people signed on
    another website and agreed to pass on. `elsewhere` is none of it. `languages` are
    those of the pages on which people signed online. A petition that has ended has no
    next goal.
    """

    count: int
    countries: int
    on_paper: int = 0
    languages: int = 0
    elsewhere: tuple[Elsewhere, ...] = ()
    brought: int = 0
    has_ended: bool = False

    @classmethod
    def of(cls, petition, campaign):
        """Make it from a row of _WITH_STANDING."""
        return cls(
            petition.count,
            petition.countries,
            on_paper=petition.on_paper - petition.brought,
            languages=petition.languages,
            elsewhere=Elsewhere.of(petition.elsewhere_rows),
            brought=petition.brought,
            has_ended=campaign.has_ended,
        )

    @property
    def from_where(self):
        """From how many countries and in how many languages people signed, in words.

        Empty if they are from one country and signed in one language.
        """
        countries = ngettext(
            "%(number)d country", "%(number)d countries", self.countries
        )
        countries %= {"number": self.countries}
        languages = ngettext(
            "%(number)d language", "%(number)d languages", self.languages
        )
        languages %= {"number": self.languages}
        if self.countries > 1 and self.languages > 1:
            said = gettext("People from %(countries)s have signed, in %(languages)s.")
        elif self.languages > 1:
            said = gettext("People have signed in %(languages)s.")
        elif self.countries > 1:
            said = ngettext(
                "People from %(countries)s country have signed.",
                "People from %(countries)s countries have signed.",
                self.countries,
            )
            countries = self.countries
        else:
            return ""
        return said % {"countries": countries, "languages": languages}

    @property
    def goal(self):
        """The next step above the count, near enough to be worth a name; or None."""
        if self.has_ended:
            return None
        least = max(self.count + 1, BAR_FROM)
        return next(step for step in _steps(GOAL_STEPS) if step >= least)

    @property
    def reached(self):
        """The highest goal at or below the count of which readers are told; or 0."""
        told = takewhile(lambda step: step <= self.count, _steps(TOLD_STEPS))
        return max((step for step in told if step >= TOLD_FROM), default=0)

    @property
    def shows_progress(self):
        """Whether the bar shows. A bar that is nearly empty would discourage."""
        return self.goal is not None and self.count >= BAR_FROM


def _steps(first):
    """These numbers, then ten times as much, and so on without an end."""
    return (step * 10**power for power in count() for step in first)


def hash_of_signature(*typed, consents):
    """A hash that differs if anything else is typed, ticked or agreed to.

    So each of two people who share a mailbox is asked, and nobody is asked about what
    somebody else has typed in their place.
    """
    return hash_of_words(*typed, *sorted(consents))


def handed_over():
    """The milestones by which a petition (of an outer query) was handed over."""
    return Milestone.objects.filter(
        campaign=OuterRef("campaign"), kind=Milestone.Kind.DELIVERED
    )
