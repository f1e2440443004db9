"""The state of a campaign in a word, and what its campaigners do next."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.local_time import in_words, when_it_appears
from campaigns.models.campaigns import event_is_over
from petitions.petition import Petition

# Followers who hear nothing for this long forget what they follow.
QUIET_DAYS = 21
SOON_DAYS = 7


class State(TextChoices):
    """What a campaign is, for staff; `of` is the one rule."""

    DRAFT = "draft", gettext_lazy("Draft")
    SCHEDULED = "scheduled", gettext_lazy("Scheduled")
    OPEN = "open", gettext_lazy("Open")
    PAUSED = "paused", gettext_lazy("Paused")
    OVER = "over", gettext_lazy("Over")

    @classmethod
    def of(cls, campaign, petition):
        if campaign.published_at is None:
            return cls.DRAFT
        if campaign.has_ended:
            return cls.OVER
        if campaign.is_scheduled:
            return cls.SCHEDULED
        return cls.PAUSED if petition and petition.paused_at else cls.OPEN


@dataclass(frozen=True)
class NextStep:
    """How a campaign stands, in a sentence, and what to do now: the one button."""

    words: str
    label: str
    page: str


def next_step(state, stored, waiting):
    """What comes next in a campaign of this state; `waiting` is what waits in it."""
    find = {
        State.DRAFT: _of_draft,
        State.SCHEDULED: _of_scheduled,
        State.PAUSED: _of_paused,
        State.OPEN: _of_open,
        State.OVER: _of_over,
    }[state]
    return find(stored, waiting)


def _of_draft(stored, _waiting):
    page = reverse("campaign_editor:guided", args=[stored.campaign.pk])
    missing = stored.checklist.missing
    if not missing:
        words = _("Nobody else can see it yet. It has all that it needs.")
        return NextStep(words, _("Check it and publish"), f"{page}#publish")
    words = ngettext(
        "Nobody else can see it yet. %(n)d thing to put right before you can publish "
        "it: %(first)s.",
        "Nobody else can see it yet. %(n)d things to put right before you can publish "
        "it. The first: %(first)s.",
        len(missing),
    )
    said = words % {"n": len(missing), "first": missing[0].words}
    return NextStep(said, _("Continue"), f"{page}{missing[0].address}")


def _of_scheduled(stored, _waiting):
    campaign = stored.campaign
    page = reverse("campaign_editor:guided", args=[campaign.pk])
    return NextStep(when_it_appears(campaign), _("Check it once more"), page)


def _of_paused(stored, _waiting):
    petition = stored.petition
    since = in_words(petition.paused_at, stored.campaign.zone)
    page = reverse("admin:petitions_petition_pause", args=[petition.pk])
    words = _(
        "Signing has been paused since %s. People who signed before can still confirm."
    )
    return NextStep(words % since, _("Resume signing …"), page)


def _of_open(stored, waiting):
    campaign = stored.campaign
    write = _new_update(campaign)
    if event_is_over(campaign) and not campaign.life.result:
        return _after_its_event(stored)
    if waiting:
        number = sum(found.number for found in waiting)
        words = ngettext(
            "People can act now. %s thing waits for you.",
            "People can act now. %s things wait for you.",
            number,
        )
        words %= number_format(number, force_grouping=True)
        return NextStep(words, _("See what waits"), waiting[0].page)
    left = campaign.days_left
    if left == 0:
        words = _("Today is its last day. Ask people to share it once more.")
        return NextStep(words, _("Write an update"), write)
    if left is not None and left <= SOON_DAYS:
        words = ngettext(
            "It ends in %d day. Ask people to share it once more.",
            "It ends in %d days. Ask people to share it once more.",
            left,
        )
        return NextStep(words % left, _("Write an update"), write)
    last = campaign.updates.published().values_list("published_at", flat=True).first()
    quiet = timezone.now() - max(filter(None, [last, campaign.appears_at]))
    if quiet > timedelta(days=QUIET_DAYS):
        words = ngettext(
            "People can act now. They have heard nothing new for %d day.",
            "People can act now. They have heard nothing new for %d days.",
            quiet.days,
        )
        return NextStep(words % quiet.days, _("Write an update"), write)
    words = _("People can act now. Share the page, so that more of them see it.")
    return NextStep(words, _("See the page"), campaign.get_absolute_url())


def _after_its_event(stored):
    if stored.letter_is_from_before_event:
        words = _(
            "Its event is over, and the letter is still the one from before. Check "
            "what it says about the event."
        )
        page = reverse("campaign_editor:guided", args=[stored.campaign.pk])
        return NextStep(words, _("Check the letter"), f"{page}#letter")
    words = _("Its event is over. Tell people what happened there.")
    return NextStep(words, _("Write an update"), _new_update(stored.campaign))


def _of_over(stored, _waiting):
    campaign = stored.campaign
    ended = in_words(campaign.ended_at, campaign.zone)
    kinds = {milestone.kind for milestone in campaign.life}
    is_settled = kinds & {"delivered", "won", "not won"}
    petition = None if is_settled else Petition.objects.of_campaign(campaign)
    if petition and petition.standing.count:
        page = reverse("admin:petitions_bundle_add")
        page += f"?petition={petition.pk}"
        words = _("It ended on %s. Hand the signatures over to the officials.")
        return NextStep(words % ended, _("Make the files for officials"), page)
    if not (campaign.outcome or campaign.life.result):
        words = _("It ended on %s. Tell people what came out of it.")
        return NextStep(words % ended, _("Write an update"), _new_update(campaign))
    page = reverse("admin:campaigns_campaign_figures", args=[campaign.pk])
    words = _("It ended on %s, and people know the result.") % ended
    return NextStep(words, _("See the figures"), f"{page}?days=all")


def _new_update(campaign):
    return reverse("admin:campaigns_update_add") + f"?campaign={campaign.pk}"
