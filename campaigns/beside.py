"""What an action page shows beside the campaign's own text."""

from campaigns.models.milestone import Life
from campaigns.models.update import ON_THE_PAGE, tell_updates


class Beside:
    """The newest updates and the background reading; sets `campaign.life`.

    Of a reading without an address, the page has no more than the title.
    """

    def __init__(self, campaign):
        updates = list(campaign.updates.published()[: ON_THE_PAGE + 1])
        for update in updates:
            update.campaign = campaign
        if campaign.told:
            tell_updates(updates, campaign.read_in)
        campaign.life = Life(campaign.tell_beside(campaign.milestones.all()))
        readings = campaign.tell_beside(campaign.readings.all())
        self.readings = [reading for reading in readings if reading.url]
        self.titles = [reading for reading in readings if not reading.url]
        self.updates = updates[:ON_THE_PAGE]
        life = campaign.life.told(has_ended=campaign.has_ended)
        shown = [*life, *readings, *self.updates]
        self.leaves_out = any(row.leaves_out for row in shown)
        self.has_more_updates = len(updates) > ON_THE_PAGE
