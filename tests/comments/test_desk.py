"""What the desk shows of the queue and of one comment, and to whom."""

import re
from html import unescape

import pytest
from django.test import Client

from comments.models import Comment, Moderation
from comments.rules import RuleFinding
from tests.comments.desk import (
    DESK,
    INBOX,
    opened,
    pressing,
    queue,
    state,
    undo_offered,
)
from tests.factories import make_campaign, make_comment, make_staff, write_comment

pytestmark = pytest.mark.django_db
SPAM = [RuleFinding("word", "pills"), RuleFinding("links", "4")]


def test_the_oldest_comes_first_and_likely_spam_last_with_what_was_found(
    client, cy, campaign
):
    client.force_login(cy)
    write_comment(campaign, name="Spam", findings=SPAM)
    write_comment(campaign, name="First")
    write_comment(campaign, name="Second")

    page = client.get(DESK, follow=True)

    assert opened(page) == "First"
    assert queue(page) == ["First", "Second", "Spam"]
    inbox = client.get(INBOX).text
    assert inbox.index("Second") < inbox.index("New, Likely spam")
    assert "a word on the block list: pills, web addresses: 4" in inbox
    assert "3 waiting" in page.text


@pytest.mark.parametrize("key", ["{pk}", "-3", "{pk}-x", "x"])
@pytest.mark.parametrize("decision", ["show", "hide", "undo"])
def test_a_key_without_a_comment_or_its_version_decides_nothing(
    client, cy, campaign, decision, key
):
    client.force_login(cy)
    comment = write_comment(campaign)
    before = state(comment)
    key = key.format(pk=comment.pk)
    sent = {"row": key, "last": key, "sure": "1", "reason": "hate"}

    for pressed in (f"{decision}:{key}", decision):
        answer = client.post(INBOX, {**sent, "decision": pressed}, follow=True)
        assert answer.status_code == 200

    assert state(comment) == before


def test_the_desk_shows_what_one_needs_to_decide(client, cy, di, campaign):
    client.force_login(cy)
    parent = make_comment(campaign, "When is the vote?", name="Bo")
    earlier = write_comment(campaign, "Earlier words.")
    earlier.moderated_by(di).show()
    hidden = write_comment(campaign, "Hidden words.")
    hidden.moderated_by(di).hide("hate")
    comment = write_comment(
        campaign, "Buy <b>pills</b>", parent=parent, findings=SPAM[:1]
    )
    comment.moderated_by(di).note("Seen him before?")

    text = client.get(f"{DESK}{comment.pk}/").text

    assert "Bucheon" in text
    assert "In reply to Bo" in text
    assert "When is the vote?" in text
    assert "Buy &lt;b&gt;pills&lt;/b&gt;" in text
    assert "a word on the block list: pills" in text
    assert "ada@mail.example" in text
    assert (
        "Other comments from this address: 1 shown, 1 hidden, 0 spam, 0 waiting."
        in text
    )
    assert "Earlier words." in text
    assert "Seen him before?" in text


def test_reports_and_appeals_stand_beside_their_comment(client, cy, di, campaign):
    client.force_login(cy)
    reported = make_comment(campaign, name="Reported")
    reported.report(reason="private", words="My number.", network_hash="a")
    appealed = write_comment(campaign, name="Appealed")
    appealed.moderated_by(di).hide("hate", "Line two.")
    appealed.by_writer.appeal("It says nothing of the kind.")

    report = client.get(f"{DESK}{reported.pk}/").text
    appeal = client.get(f"{DESK}{appealed.pk}/").text

    assert "Reported by 1 reader" in report
    assert "It shows private details" in report
    assert "My number." in report
    assert "Hidden by di" in appeal
    assert "It attacks people because of who they are." in appeal
    assert "Line two." in appeal
    assert "It says nothing of the kind." in appeal


def test_opening_a_comment_changes_nothing(client, cy, campaign):
    client.force_login(cy)
    comment = write_comment(campaign)
    before = Comment.objects.values().get()

    client.get(DESK)
    client.get(INBOX)
    client.get(f"{DESK}{comment.pk}/?after=1")
    answer = client.get(f"{DESK}{comment.pk}/decisions/")

    assert answer.status_code == 405
    assert Comment.objects.values().get() == before


def test_an_empty_queue_says_so(client, cy):
    client.force_login(cy)

    page = client.get(DESK, follow=True)

    assert page.request["PATH_INFO"] == INBOX
    assert "Nothing is waiting. Thank you." in page.text


def test_a_campaigner_sees_the_desk_and_does_nothing_there(client, campaign):
    client.force_login(make_staff("bo", "Campaigners"))
    comment = write_comment(campaign)

    page = client.get(DESK, follow=True)
    answers = {
        decision: pressing(client)(
            comment, decision, words="w", reason="hate"
        ).status_code
        for decision in ("show", "hide", "spam", "note", "claim", "undo")
    }

    assert opened(page) == "Ada Lovelace"
    assert "/decisions/" not in page.text.split("<article")[1]
    assert "ada@mail.example" not in page.text
    assert 'value="show' not in client.get(INBOX).text
    row = f"{comment.pk}-{comment.version}"
    assert client.post(INBOX, {"decision": f"show:{row}"}).status_code == 403
    assert set(answers.values()) == {403}
    assert not Moderation.objects.exists()


def test_strangers_and_forged_forms_do_nothing(campaign, cy):
    comment = write_comment(campaign)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(cy)

    assert Client().get(DESK).status_code == 302
    assert Client().post(
        f"{DESK}{comment.pk}/decisions/", {"decision": "show"}
    ).status_code == (302)
    answer = forged.post(
        f"{DESK}{comment.pk}/decisions/", {"decision": "show", "seen": comment.version}
    )
    assert answer.status_code == 403
    assert state(comment)["shown_at"] is None


def test_the_desk_is_linked_with_what_waits(client, cy, campaign):
    client.force_login(cy)
    write_comment(campaign)
    write_comment(campaign)

    first_page = client.get("/admin/").text
    assert "<strong>2</strong> <span>comments wait for a moderator" in first_page
    assert f'href="{INBOX}"' in first_page


def test_a_comment_outside_the_queue_has_its_own_name_above_it(client, cy, campaign):
    client.force_login(cy)
    waits = write_comment(campaign, name="Bo")
    shown = make_comment(campaign, name="Leontine")

    there = client.get(f"{DESK}{shown.pk}/").text

    assert "<h1>Comment by Leontine</h1>" in there
    assert f'<a href="{INBOX}">Inbox</a>' in there
    assert "1 waiting" not in there
    desk = client.get(f"{DESK}{waits.pk}/").text
    assert "<h1>Moderators’ desk</h1>" in desk
    assert "1 waiting" in desk


def test_the_inbox_has_pages_and_the_desk_none(client, cy, campaign):
    client.force_login(cy)
    for number in range(52):
        write_comment(campaign, name=f"N{number}")

    first, second = client.get(INBOX).text, client.get(INBOX, {"p": "2"}).text

    assert "Page 1 of 2" in first
    assert "<bdi>N49</bdi>" in first
    assert "<bdi>N50</bdi>" in second
    last = Comment.objects.get(name="N49")
    following = Comment.objects.get(name="N50")
    page = client.get(f"{DESK}{last.pk}/")
    assert f'href="{DESK}{following.pk}/" data-key="j"' in page.text


def test_the_desk_of_one_campaign_stays_there(client, cy, campaign):
    client.force_login(cy)
    others = make_campaign(title="Elsewhere")
    write_comment(others, name="Elsewhere 1")
    for number in range(1, 28):
        write_comment(campaign, name=f"Here {number}")
    write_comment(others, name="Elsewhere 2")
    here = f"{DESK}?campaign={campaign.pk}"
    assert (
        f'href="{INBOX}?campaign={campaign.pk}"'
        in client.get(f"/admin/editor/campaigns/{campaign.pk}/home/").text
    )

    def leads(page, words):
        """The page behind the link of these words."""
        [link] = re.findall(rf'<a [^>]*?href="([^"]+)"[^>]*>{words}</a>', page.text)
        return client.get(unescape(link), follow=True)

    page = client.get(here, follow=True)
    assert opened(page) == "Here 1"
    assert "27 waiting" in page.text
    assert "Elsewhere" not in page.text
    assert opened(leads(leads(page, "Next"), "Next")) == "Here 3"
    every = leads(page, "Show those of all campaigns")
    assert opened(every) == "Elsewhere 1"
    assert "2 waiting" in leads(every, "only this campaign").text

    [action] = re.findall(r'action="([^"]+)"[^>]*>(?:(?!action).)*"show"', page.text)
    first = Comment.objects.get(name="Here 1")
    sent = {"decision": "show", "seen": first.version}
    page = client.post(action, sent, follow=True)
    assert opened(page) == "Here 2"
    assert "26 waiting" in page.text
    assert "27 waiting" in undo_offered(page).text
    refused = client.post(action, {**sent, "decision": "hide"})
    assert opened(leads(refused, "Next")) == "Here 2"
    assert client.get(f"{DESK}?campaign=987654").status_code == 404


def test_who_hid_a_comment_reads_how_the_appeal_can_be_decided(client, campaign):
    boss = make_staff("boss", is_superuser=True)
    client.force_login(boss)
    comment = write_comment(campaign)
    comment.moderated_by(boss).hide("hate")
    comment.by_writer.appeal("It says nothing of the kind.")

    page = client.get(f"{DESK}{comment.pk}/").text

    assert "another moderator decides on the appeal" in page
    assert "undo your decision below. That also ends the appeal." in page
    assert "Undo the decision “hidden”" in page
    assert 'href="/admin/staff/invitation/add/">Invite somebody' in page
