"""The pages of the desk ask as many statements for much as for little."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branding import models as branding
from campaigns.models import address
from safeguards import limits
from supporters.models import Report
from tests.factories import (
    follow,
    make_campaign,
    make_counted,
    make_follow,
    make_letter,
    make_petition,
    make_staff,
    make_stance,
    make_text,
    make_update,
    make_update_text,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed, write
from tests.outbox.test_deliverability import mails
from tests.staff.test_dashboard import make_one_of_each_that_waits
from tests.staff.test_sessions import sign_in
from versions.models import Version

pytestmark = pytest.mark.django_db
# Where many rows of one campaign stand, or one row of each of many.
PAGES = [
    "/admin/",
    "/admin/account/sessions/",
    "/admin/campaigns/campaign/{campaign}/figures/?days=all",
    "/admin/campaigns/campaign/{campaign}/history/",
    "/admin/comments/comment/desk/{comment}/",
    "/admin/deliverability/",
    "/admin/editor/campaigns/{campaign}/",
    "/admin/editor/campaigns/{campaign}/home/",
    *(f"/admin/inbox/{tab}/" for tab in ("comments", "names", "reports")),
    "/admin/letters/delivery/charts/?days=all",
    "/admin/letters/suggestedletter/{letter}/stances/",
    "/admin/petitions/signature/fraud/?petition={petition}",
    "/admin/supporters/mailing/update/{update}/followers/",
]


@pytest.fixture
def campaign():
    campaign = make_campaign(title="Bucheon")
    make_petition(campaign)
    make_letter(campaign)
    make_text(campaign, "ko", slug="sijang")
    make_update(campaign)
    comment = write_comment(campaign, "It waits.", email="waits@mail.example")
    comment.moderated_by(make_staff("cy")).note("Once more.")
    return campaign


def fill(campaign, root, numbers):
    """All that can stand on a page of the desk, once for each number."""
    petition, letter = campaign.petition, campaign.letter
    comment, update = campaign.comments.earliest("pk"), campaign.updates.earliest("pk")
    for n in numbers:
        make_one_of_each_that_waits(n)
        sign(petition, email=f"h{n}@mail.example", name=f"Held {n}", held_for="flood")
        make_counted(
            petition,
            email=f"c{n}@mail.example",
            name=f"Hall {n}",
            name_found="posing",
            referral_code=f"poster-{n}",
        )
        petition.referral_links.create(name=f"Poster {n}", code=f"poster-{n}")
        write(letter, email=f"w{n}@mail.example", held_for="flood")
        follow(campaign, f"f{n}@mail.example", held_for="flood")
        agreed = [("follow", f"Yes {n}", "1")]
        make_follow(campaign, f"g{n}@mail.example", consents=agreed)
        official = letter.recipient_list.recipients.create(
            office=f"Office {n}", email=f"office{n}@council.example", order=9 + n
        )
        make_stance(letter, official, "answered")
        answered = confirmed(letter, email=f"a{n}@mail.example").deliveries
        now = timezone.now()
        answered.update(answered_at=now, settled_at=now, outcome="sent")
        comment.report(reason="hate", words=f"Why {n}.", network_hash=f"{n:032x}")
        notice = {"law": "other", "words": f"Lie {n}.", "language": "en"}
        Report.objects.create(location=comment.get_absolute_url(), **notice)
        comment.moderated_by(root).note(f"Note {n}.")
        queued = write_comment(campaign, f"Text {n}", email=f"q{n}@mail.example")
        queued.moderated_by(root).note("A note.")
        more = make_update(campaign, title=f"Update {n}")
        make_update_text(more)
        campaign.readings.create(title=f"Read {n}", url="https://a.example")
        campaign.milestones.create(kind="other", words=f"Then {n}")
        campaign.story_pictures.create(number=n, caption=f"The market {n}")
        type(campaign).objects.filter(pk=campaign.pk).update(title=f"Bucheon {n}")
        Version.objects.note(campaign)
        Version.objects.note(update)
        mails(f"d{n}.example", n)
        sign_in(root)


def test_a_page_of_the_desk_asks_as_many_statements_whatever_stands_there(
    campaign, subtests, time_machine
):
    # When minutes have passed, a page also notes that root is still at work.
    time_machine.move_to(timezone.now(), tick=False)
    root = make_staff("root", is_superuser=True)
    browser = sign_in(root)
    keys = {
        "campaign": campaign.pk,
        "petition": campaign.petition.pk,
        "letter": campaign.letter.pk,
        "comment": campaign.comments.get().pk,
        "update": campaign.updates.get().pk,
    }

    def look():
        for path in PAGES:  # what a process learns for good is learnt before
            browser.get(path.format(**keys), follow=True)
        return {path: cost(path.format(**keys)) for path in PAGES}

    def cost(path):
        address.learn()  # what a process knows would be read anew by and by
        branding.learn()
        limits.know({})
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(path, follow=True)
        assert page.status_code == 200, path
        return [query["sql"] for query in asked], page.text

    fill(campaign, root, range(1, 3))
    few = look()
    fill(campaign, root, range(3, 9))

    for path, (asked_of_many, page_of_many) in look().items():
        with subtests.test(path):
            asked, page = few[path]
            assert len(asked_of_many) <= len(asked), asked_of_many
            assert len(page_of_many) > len(page)
