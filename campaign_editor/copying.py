"""A new campaign that begins with the texts of another."""

from django.db import transaction

from campaign_editor.free_names import free_slug, free_slug_in
from campaigns.models import Campaign
from letters.models import SuggestedLetter
from petitions.models import Petition

STAYS_BEHIND = (
    "outcome",
    "outcome_day",
    "outcome_url",
    "event_starts",
    "event_ends",
    "opens_at",
    "closes_at",
    "closed_at",
    "end_reason",
    "offline_at",
    "published_at",
    "draft_key",
    "created_at",
)


def copy(campaign):
    """A new draft with a campaign's texts, but without dates and what people did.

    It uses the same list of recipients, so that the officials are kept up to date once.
    """
    with transaction.atomic():
        new = Campaign.objects.get(pk=campaign.pk)
        new.pk, new._state.adding = None, True
        fresh = Campaign()
        for name in STAYS_BEHIND:
            setattr(new, name, getattr(fresh, name))
        new.slug = free_slug(new)
        new.save()
        new.have_pictures_made()
        now_named = {}
        for row in (*campaign.readings.all(), *campaign.story_pictures.all()):
            before = [row.told_as(name) for name in row.TOLD]
            row.pk, row._state.adding = None, True
            row.campaign = new
            row.save()
            after = (row.told_as(name) for name in row.TOLD)
            now_named |= zip(before, after, strict=True)
        for text in campaign.texts.all():
            text.pk, text._state.adding = None, True
            text.campaign, text.published_at, text.outcome = new, None, ""
            text.slug = free_slug_in(text)
            text.beside = {
                now_named[name]: words
                for name, words in text.beside.items()
                if name in now_named
            }
            text.save()
        if petition := Petition.objects.filter(campaign=campaign).first():
            Petition.objects.create(campaign=new, ask=petition.ask)
        if letter := SuggestedLetter.objects.filter(campaign=campaign).first():
            letter.pk, letter._state.adding = None, True
            letter.campaign, letter.paused_at, letter.tested = new, None, ""
            letter.save()
    return new
