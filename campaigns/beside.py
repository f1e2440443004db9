"""What an action page shows beside the campaign's own text, read at once."""

from campaigns.models.milestone import MILESTONES, Life
from campaigns.models.reading import READINGS
from campaigns.models.update import NEWEST_UPDATES, ON_THE_PAGE
from database.prepared import rows_together


class Beside:
    """The newest updates and the background reading; sets `campaign.life`."""

    def __init__(self, campaign):
        of_it = {"campaign": campaign.pk}
        milestones, updates, self.readings = rows_together(
            (MILESTONES, of_it), (NEWEST_UPDATES, of_it), (READINGS, of_it)
        )
        campaign.life = Life(milestones)
        self.updates = updates[:ON_THE_PAGE]
        self.has_more_updates = len(updates) > ON_THE_PAGE
