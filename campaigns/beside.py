"""What an action page shows beside the campaign's own text, read at once."""

from itertools import chain

from campaigns.models.milestone import MILESTONES, Life
from campaigns.models.reading import READINGS
from campaigns.models.update import NEWEST_TEXTS, NEWEST_UPDATES, ON_THE_PAGE
from database.prepared import rows_together


class Beside:
    """The newest updates and the background reading; sets `campaign.life`.

    Of a reading without an address, the page has no more than the title.
    """

    def __init__(self, campaign):
        of_it = {"campaign": campaign.pk}
        there = {**of_it, "language": campaign.read_in}
        told = [(NEWEST_TEXTS, there)] if campaign.told else []
        milestones, updates, readings, *texts = rows_together(
            (MILESTONES, of_it), (NEWEST_UPDATES, of_it), (READINGS, of_it), *told
        )
        found = {update.pk: update for update in updates}
        for update in updates:
            update.campaign = campaign
        for text in chain(*texts):
            found[text.update_id].tell(text)
        campaign.life = Life(campaign.tell_beside(milestones))
        campaign.tell_beside(readings)
        self.readings = [reading for reading in readings if reading.url]
        self.titles = [reading for reading in readings if not reading.url]
        self.updates = updates[:ON_THE_PAGE]
        life = campaign.life.told(has_ended=campaign.has_ended)
        shown = [*life, *readings, *self.updates]
        self.leaves_out = any(row.leaves_out for row in shown)
        self.has_more_updates = len(updates) > ON_THE_PAGE
