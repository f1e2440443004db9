"""Keys and links of somebody else's comment, and what happens at one moment."""

from contextlib import suppress
from functools import partial

import pytest

from comments.models import Comment
from comments.moderating import Collision
from comments.rules import RuleFinding
from tests.answers import new_browser
from tests.comments.test_writing import PATH, TYPED, known_writer, post
from tests.concurrency import at_once
from tests.factories import make_campaign, make_staff, prove, write_comment

TEXT = {"text": "My own words.", "words": "It is fair.", "email": "eve@mail.example"}


@pytest.fixture
def hidden(db):
    comment = write_comment(make_campaign(), "Ada's words.")
    comment.confirm()
    comment.moderated_by(make_staff("cy")).hide("hate", "words")
    return comment


@pytest.fixture
def eve(db):
    """Somebody else, whose browser has confirmed an address of her own."""
    browser = new_browser()
    prove(browser, write_comment(make_campaign(), "Mine.", email="eve@mail.example"))
    return browser


def changed(key):
    """The key with each of some letters changed."""
    for place in {0, len(key) // 2, len(key) - 1}:
        letter = "A" if key[place] != "A" else "B"
        yield key[:place] + letter + key[place + 1 :]


def test_no_key_of_a_comment_opens_what_another_key_opens(eve, hidden):
    """The page after posting, the mailed page, and guesses beside each of them."""
    page_token, mail_key = hidden.confirmation.page_token, hidden.mail_key
    other = write_comment(make_campaign(), "Elsewhere.")
    before = Comment.objects.values().get(pk=hidden.pk)
    paths = [
        *(f"{PATH}writer/{key}/" for key in (page_token, *changed(mail_key))),
        *(f"{PATH}{key}/" for key in (mail_key, *changed(page_token))),
        f"{other.campaign.get_absolute_url()}comments/{page_token}/",
        f"{other.campaign.get_absolute_url()}comments/writer/{mail_key}/",
    ]

    for path in paths:
        for page in ("", "text/", "removal/", "appeal/", "mail/", "code/"):
            for answer in (eve.get(path + page), eve.post(path + page, TEXT)):
                assert answer.status_code in (404, 405, 410), path + page
                assert "Ada" not in answer.text
    assert Comment.objects.values().get(pk=hidden.pk) == before


def test_whoever_is_known_for_another_comment_decides_nothing_about_this_one(
    eve, hidden
):
    before = Comment.objects.values().get(pk=hidden.pk)

    for page in ("text/", "removal/", "appeal/"):
        assert eve.post(hidden.writer_url + page, TEXT).status_code == 403

    assert Comment.objects.values().get(pk=hidden.pk) == before


def test_an_appeal_is_one_appeal_also_after_an_undo_of_the_decision(client, hidden):
    prove(client, hidden)
    path = f"{hidden.writer_url}appeal/"
    assert client.post(path, {"words": "Fair."}).status_code == 302
    assert client.post(path, {"words": "Fair."}).status_code == 302  # pressed twice
    assert client.post(path, {"words": "And again."}).status_code == 409
    hidden.moderated_by(make_staff("di")).hide("hate")  # upheld
    assert client.post(path, {"words": "Once more."}).status_code == 409

    hidden.moderated_by(None).undo()

    assert client.post(path, {"words": "Once more."}).status_code == 409
    assert Comment.objects.get(pk=hidden.pk).appeal == "Fair."
    assert Comment.objects.get(pk=hidden.pk).appeal_waits


@pytest.mark.parametrize("how", ["removed", "erased"])
def test_no_link_opens_a_comment_that_is_gone(client, hidden, how):
    prove(client, hidden)
    links = [hidden.inbox_url, hidden.writer_url]
    if how == "removed":
        hidden.remove()
    else:
        hidden.confirmation.supporter.erase()

    for link in links:
        for page in ("", "text/", "removal/", "appeal/"):
            for answer in (client.get(link + page), client.post(link + page, TEXT)):
                assert answer.status_code in (200, 404, 405, 409, 410, 422)
                assert "Ada" not in answer.text
    comment = Comment.objects.get(pk=hidden.pk)
    assert (comment.text, comment.appeal, comment.confirmation) == ("", "", None)


def test_who_is_known_cannot_turn_what_shows_into_spam(client, mailbox, db):
    """Her first words show at once; her next ones are judged like any others."""
    campaign = make_campaign()
    known_writer(campaign, client)
    inbox = post(client, text="Nice.")["Location"]
    assert "is on the page" in client.get(inbox).text

    spam = "Buy at https://a.example https://b.example https://c.example"
    client.post(f"{inbox}text/", {"text": spam})

    assert "a.example" not in new_browser().get(PATH).text
    assert Comment.objects.latest("pk") in Comment.objects.queued()


def test_what_was_posted_without_a_proof_waits_after_each_change(client, db):
    campaign = make_campaign()
    inbox = client.post(PATH, TYPED)["Location"]
    Comment.objects.get().moderated_by(None).show()

    client.post(f"{inbox}text/", {"text": "Bribes."})

    assert "Bribes" not in new_browser().get(PATH).text
    assert campaign.comments.queued().exists()


@pytest.mark.django_db(transaction=True)
def test_an_approval_at_the_moment_of_an_edit_shows_no_word_unread():
    for number in range(8):
        comment = write_comment(make_campaign(), f"Read {number}.")
        seen, cy = comment.version, make_staff(f"cy{number}")

        def show(comment=comment, seen=seen, cy=cy):
            found = Comment.objects.get(pk=comment.pk)
            with suppress(Collision):
                found.moderated_by(cy).having_seen(seen).show()

        spam = [RuleFinding("links", "3")]
        edit = partial(
            Comment.objects.get(pk=comment.pk).by_writer.edit, "Unread.", spam
        )
        at_once([show, edit])

        comment.refresh_from_db()
        assert (comment.text, comment.state) == ("Unread.", "waiting")
        assert comment in Comment.objects.queued()


@pytest.mark.django_db(transaction=True)
def test_a_yes_at_the_moment_of_a_decision_about_the_first_loses_neither():
    """The first is hidden while somebody else confirms the same words."""
    for number in range(8):
        campaign, cy = make_campaign(), make_staff(f"cy{number}")
        first, second = (
            write_comment(campaign, "Same.", email=email, network_hash="a" * 32)
            for email in ("ada@mail.example", "bo@mail.example")
        )
        hide = partial(Comment.objects.get(pk=first.pk).moderated_by(cy).hide, "hate")
        at_once([hide, Comment.objects.get(pk=second.pk).confirm])

        second.refresh_from_db()
        is_hidden = bool(second.hidden_at)
        assert second.state == ("hidden" if is_hidden else "waiting")
        assert is_hidden or second in Comment.objects.queued()
        assert (second.repeats is not None) == is_hidden
