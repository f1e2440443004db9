"""One campaign as it is stored, with its petition and its letter."""

from functools import cached_property
from operator import attrgetter

from campaign_editor import checklist
from campaigns.models import Campaign
from campaigns.models.campaigns import event_is_over, last_day_of_event
from versions.models import Version


def campaigns():
    """All campaigns that are not deleted, each with what Stored wants to know of it."""
    return (
        Campaign.objects.not_deleted()
        .select_related("petition", "letter__recipient_list")
        .prefetch_related("readings")
    )


class Stored:
    """What is stored of a campaign: its texts, what it lacks, and who saved it last.

    The campaign has just been read, best by campaigns().
    """

    publish_at = None

    def __init__(self, campaign):
        self.campaign = campaign
        self.petition = getattr(campaign, "petition", None)
        self.letter = getattr(campaign, "letter", None)

    @property
    def is_public(self):
        """Whether it is published, or will be: then only a complete form is stored."""
        return self.campaign.published_at is not None

    @cached_property
    def checklist(self):
        return checklist.checklist(self.campaign, self.petition, self.letter)

    @property
    def asks_for_a_look(self):
        """Whether its campaigner is asked once more before they publish it.

        Only what may be a mistake is asked about; the rest stands beside the button.
        """
        found = self.checklist
        return (
            found.is_complete and bool(found.doubts) and not self.campaign.is_published
        )

    @property
    def texts(self):
        """The texts that have versions."""
        found = (self.campaign, self.petition, self.letter)
        return [text for text in found if text is not None and text.pk]

    @property
    def recipient_list(self):
        """The list to which the letter goes, or None."""
        return self.letter and self.letter.recipient_list

    @cached_property
    def newest_versions(self):
        return Version.objects.newest_of(self.texts)

    @property
    def newest_version(self):
        """Who saved any of its texts last, and when; None if nobody has."""
        return max(self.newest_versions.values(), key=attrgetter("at"), default=None)

    @property
    def letter_is_from_before_event(self):
        """Whether people send a letter that nobody has saved since its event was over.

        Only dates are compared: what it says of the event is for people to read.
        """
        campaign, letter = self.campaign, self.letter
        if not (letter and letter.pk and campaign.is_open and event_is_over(campaign)):
            return False
        saved = self.newest_versions.get((letter._meta.label_lower, letter.pk))
        # A version that nobody saved was found in this state.
        day = campaign.day_of(saved.at) if saved and saved.username else None
        return day is None or day <= last_day_of_event(campaign)

    def note_versions(self, by):
        known = [self.recipient_list] if self.recipient_list else []
        Version.objects.note_as_read([*self.texts, *known], by=by)
