"""Two months of a campaign in one test: what its clock promised comes true."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from petitions.counting.tasks import tell_of_goals
from petitions.models import Petition, TallyEntry
from supporters.models import RetentionRun, Supporter
from tests.campaign_editor.forms import page_of, press
from tests.factories import ADA, hand_over, make_counted, make_petition, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.release]
CAMPAIGNS = "/admin/campaigns/campaign/"
PAGE = "/campaign-1/"
SIGN = f"{PAGE}signatures/"


@pytest.fixture
def life(client, mailbox, work, time_machine):
    return Life(client, mailbox, work, time_machine)


class Life:
    """A petition and the people around it, day by day."""

    def __init__(self, client, mailbox, work, clock):
        self.client, self.mailbox, self.work, self.clock = client, mailbox, work, clock
        self.began = timezone.now()
        self.bo = make_staff("bo", "Campaigners")
        self.petition = make_petition(
            story="<p>Foxes.</p>", closes_at=self.began + timedelta(days=15)
        )
        self.path = page_of(self.petition.campaign)

    def on_day(self, day, hours=0):
        moment = self.began + timedelta(days=day, hours=hours)
        self.clock.move_to(moment, tick=False)
        tell_of_goals(0)
        TallyEntry.roll_up()

    def staff(self, do):
        self.client.force_login(self.bo)
        answer = do()
        self.client.logout()
        return answer

    def press(self, path, **fields):
        return self.staff(lambda: self.client.post(path, fields))

    def sign(self, name):
        """Sign by the form; returns the path of the link that was mailed."""
        email = f"{name.lower()}@mail.example"
        answer = self.client.post(
            SIGN, {**ADA, "name": f"{name} Lovelace", "email": email}
        )
        if answer.status_code != 302:
            return answer
        self.work()
        return self.mailbox.path_to("confirmation")

    def look(self, path=PAGE):
        cache.clear()
        return self.client.get(path).text

    @property
    def live(self):
        cache.clear()
        return self.client.get(f"{PAGE}count.json").json()


def test_two_months_of_a_campaign(life, settings):
    settings.KEEP_SIGNERS_MONTHS, settings.KEEP_AFTER_HANDOVER_DAYS = 1, 10
    petition, campaign = life.petition, life.petition.campaign

    # Signed: the hundredth name is a goal, and readers are told.
    make_counted(petition, 99)
    life.client.post(life.sign("Ada"))
    life.on_day(1)
    assert "<strong>100</strong> people have signed" in life.look()
    assert "Goal reached</h3>" in life.look()

    # Paused: nobody signs, and who signed before confirms.
    before = life.sign("Cy")
    life.on_day(3)
    pause = f"/admin/petitions/petition/{petition.pk}/pause/"
    life.press(pause, pause="")
    assert "Signing has been paused since" in life.look()
    assert life.sign("Dora").status_code == 409
    assert life.client.post(before).status_code == 302
    life.on_day(5)
    life.press(pause, resume="")
    assert life.live["count"] == 101

    # Extended: by another closing day.
    closes = f"{life.began + timedelta(days=40):%Y-%m-%dT%H:%M}"
    life.staff(lambda: press(life.client, life.path, closes=closes))
    life.on_day(20)
    assert "Closing day moved" in life.look()
    in_time, late = life.sign("Dora"), life.sign("Eve")

    # Closed: early, with a reason; and confirmed late, for a day.
    ending = f"{CAMPAIGNS}{campaign.pk}/ending/"
    life.press(ending, close="", reason="The council has decided.")
    assert life.sign("Fay").status_code == 410
    assert "The council has decided." in life.look()
    life.on_day(20, hours=23)
    assert life.client.post(in_time).status_code == 302
    life.on_day(21, hours=1)
    answer = life.client.post(late)
    assert answer.status_code == 410
    assert "We do not count a name that was not confirmed by then" in answer.text
    assert "<strong>102</strong> people signed" in life.look()
    assert (life.live["count"], life.live["goal"]) == (102, None)
    assert life.live["is_final"]

    # Answered and handed over: with date and source, wherever one reads of it.
    life.on_day(25)
    campaign.refresh_from_db()
    source = "https://city.example/minutes"
    day = campaign.today
    campaign.milestones.create(
        kind="answered", day=day, who="the Mayor", words="We end it.", url=source
    )
    hand_over(campaign, day=day, who="the Council")
    for path in (PAGE, f"{PAGE}updates/feed/"):
        for words in ("Answered by the Mayor", "We end it.", source, f"{day}"):
            assert words in life.look(path)
    assert life.live["results"] == [
        {
            "kind": "answered",
            "title": "Answered by the Mayor",
            "text": "We end it.",
            "day": f"{day}",
            "source": source,
        }
    ]

    # Forgotten: the names go, and the number stands.
    life.on_day(60)
    RetentionRun.run()
    assert not petition.signatures.exclude(name="").exists()
    assert not Supporter.objects.exists()
    assert Petition.objects.get().standing.count == 102
    assert "<strong>102</strong> people signed" in life.look()
    assert life.look().count("Goal reached</h3>") == 1
