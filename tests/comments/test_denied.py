"""A denied comment: it was shown without its owner’s yes, and outlives its question."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment
from tests.answers import new_browser
from tests.factories import make_campaign, make_staff, write_comment

pytestmark = pytest.mark.django_db


def test_undoing_it_shows_no_repeat_of_what_a_moderator_has_hidden(client):
    campaign = make_campaign()
    first, repeat = [
        write_comment(campaign, "Buy this.", email=email, network_hash="a" * 32)
        for email in ("ada@mail.example", "bo@mail.example")
    ]
    denial = repeat.confirmation.denial_url
    moderator = make_staff("cy")

    first.moderated_by(moderator).show()
    client.post(denial)
    first.refresh_from_db()
    first.moderated_by(moderator).hide("advert")
    client.post(denial, {"undo": ""})

    assert "Buy this." not in new_browser().get("/campaign-1/comments/").text
    assert Comment.objects.queued().get() == repeat


def test_whoever_has_an_old_link_takes_it_off_once_and_prolongs_no_silence(
    client, mailbox, work, time_machine
):
    campaign = make_campaign()
    comment = write_comment(campaign, "Nonsense.", wants_news=True)
    work()
    comment.moderated_by(make_staff("cy")).show()
    denial = mailbox.path_to("denial")
    start = timezone.now() + timedelta(days=8)

    for hours in (0, 13, 26):
        time_machine.move_to(start + timedelta(hours=hours))
        page = client.post(denial, follow=True)
        assert "<h1>We have discarded it</h1>" in page.text
        assert 'name="undo"' not in page.text
        assert client.post(denial, {"undo": ""}).status_code == 410
    assert not campaign.comments.visible().exists()

    mailbox.clear()
    write_comment(campaign, "Please help.", wants_news=True)
    work()
    assert mailbox.last()["Subject"] == "Is this your comment?"
