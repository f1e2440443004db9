"""Comments are answered from a list of saved replies, which staff edit in the admin."""

import pytest

from comments.models import Comment, SavedReply
from tests.comments.desk import DESK
from tests.factories import make_staff, write_comment
from tests.staff.forms import fill_in

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/savedreply/"
TEXT = "Dear [Name],\n\nthank you for your words on “[Campaign]”."


@pytest.fixture
def reply():
    return SavedReply.objects.create(title="Thanks", text=TEXT)


def test_the_desk_offers_them_filled_in(client, desk, campaign, reply):
    comment = write_comment(campaign, name="Ada [Campaign]")

    page = client.get(f"{DESK}{comment.pk}/?reply={reply.pk}")

    assert page.status_code == 200
    text = page.context["desk"].forms["answer"]["text"].value()
    assert text == "Dear Ada [Campaign],\n\nthank you for your words on “Bucheon”."
    assert f'href="{DESK}{comment.pk}/?reply={reply.pk}"' in page.text
    assert '<details name="decision" open>' in page.text
    assert not Comment.objects.filter(is_answer=True).exists()


def test_what_is_sent_is_what_stands_in_the_field(client, desk, campaign, reply):
    comment = write_comment(campaign, name="Bo")

    desk(comment, "answer", text="Dear Bo, thank you.")

    assert Comment.objects.get(is_answer=True).text == "Dear Bo, thank you."


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "-1", "١"])
def test_a_reply_that_there_is_not_changes_nothing(client, desk, campaign, key):
    comment = write_comment(campaign)

    page = client.get(f"{DESK}{comment.pk}/", {"reply": key})

    assert page.status_code == 200
    assert '<details name="decision" open>' not in page.text


def test_code_in_a_saved_reply_or_in_a_name_stays_text(client, desk, campaign):
    script = "<script>alert(1)</script>"
    reply = SavedReply.objects.create(title=script, text=f"{script} [Name]")
    comment = write_comment(campaign, name='Bo" onclick="x')

    page = client.get(f"{DESK}{comment.pk}/?reply={reply.pk}").text
    desk(comment, "answer", text=reply.filled_in(comment))
    shown = client.get("/campaign-1/comments/").text

    for text in (page, shown):
        assert script not in text
        assert '" onclick="x' not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_staff_write_one_and_learn_what_is_filled_in(client):
    client.force_login(make_staff("bo", "Campaigners"))
    typed = {"title": "Thanks", "text": "Dear [Nmae],"}

    answer = fill_in(client, f"{LIST}add/", **typed)
    assert "We fill in [Name] and [Campaign], but not [Nmae]." in answer.text
    fill_in(client, f"{LIST}add/", **{**typed, "text": "Dear [Name],"})

    assert SavedReply.objects.get().text == "Dear [Name],"


def test_who_may_not_decide_is_offered_none(client, campaign, reply):
    comment = write_comment(campaign)
    client.force_login(make_staff("bo", "Campaigners"))

    assert "Thank" not in client.get(f"{DESK}{comment.pk}/").text.split("<main")[1]
