from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from comments.models import Comment
from tests.factories import make_campaign, make_staff
from tests.staff.forms import act

pytestmark = pytest.mark.django_db
DAY = datetime(2016, 11, 5, 12, tzinfo=UTC)


def make_comment(campaign, text="Please stop.", parent=None, **fields):
    root = parent and (parent.root or parent)
    defaults = {"name": "Leontine", "written_at": DAY, "shown_at": DAY}
    return Comment.objects.create(
        campaign=campaign, text=text, parent=parent, root=root, **{**defaults, **fields}
    )


def test_conversations_stand_in_order_with_their_replies(client):
    campaign = make_campaign()
    first = make_comment(campaign, "first")
    make_comment(campaign, "second")
    reply = make_comment(campaign, "reply to first", parent=first)
    make_comment(campaign, "reply to reply", parent=reply)

    page = client.get("/campaign-1/").text.split('id="comments"')[1]

    order = ["first", "reply to first", "reply to reply", "second"]
    places = [page.index(f"<p>{text}</p>") for text in order]
    assert places == sorted(places)
    assert ">4 comments</h2>" in page
    assert page.count("<ol>") == 1


def test_a_comment_is_plain_text(client):
    make_comment(make_campaign(), "<b>bold</b>\n\n& <script>alert(1)</script>")

    page = client.get("/campaign-1/").text

    assert "<p>&lt;b&gt;bold&lt;/b&gt;</p>" in page
    assert "<p>&amp; &lt;script&gt;alert(1)&lt;/script&gt;</p>" in page


def test_a_comment_whose_text_was_lost_shows_compactly(client):
    make_comment(make_campaign(), "", name="katya masini")

    page = client.get("/campaign-1/").text

    assert "<h3>katya masini</h3>" in page
    assert '<p class="comment-text">Added their name without a message.</p>' in page
    assert "comment-silent" in page


def test_hidden_and_waiting_comments_and_those_of_others_do_not_show(client):
    campaign = make_campaign()
    make_comment(campaign, "shown")
    make_comment(campaign, "hidden", hidden_at=DAY)
    make_comment(campaign, "waiting", shown_at=None)
    make_comment(make_campaign(), "elsewhere")

    page = client.get("/campaign-1/").text

    assert "<p>shown</p>" in page
    assert ">1 comment</h2>" in page
    for text in ("hidden", "waiting", "elsewhere"):
        assert f"<p>{text}</p>" not in page


def test_replies_go_with_the_comment_they_answer(client):
    campaign = make_campaign()
    make_comment(campaign, "shown")
    hidden = make_comment(campaign, "hidden", hidden_at=DAY)
    make_comment(campaign, "answer", parent=hidden)

    page = client.get("/campaign-1/").text

    assert ">1 comment</h2>" in page
    assert "answer" not in page


def test_a_page_without_comments_has_no_empty_heading(client):
    make_campaign()

    assert 'id="comments"' not in client.get("/campaign-1/").text


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Theresa (Kim) hornby", "TH"),
        ("MS", "MS"),
        ("Leontine", "L"),
        ("김 만수", "김만"),
        ("(…)", "?"),
    ],
)
def test_the_round_mark_holds_initials(name, initials):
    assert Comment(name=name).initials == initials


@pytest.mark.parametrize("missing", ["root", "parent"])
def test_a_reply_has_a_parent_and_a_root(missing):
    campaign = make_campaign()
    first = make_comment(campaign)
    keys = {"root": first, "parent": first, missing: None}

    with pytest.raises(IntegrityError):
        Comment.objects.create(campaign=campaign, name="x", written_at=DAY, **keys)


def test_cy_hides_a_comment_and_shows_it_again(client):
    client.force_login(make_staff("cy", "Moderators"))
    comment = make_comment(make_campaign(), "Buy this!")

    act(client, "/admin/comments/comment/", "hide", comment)
    first = Comment.objects.get().hidden_at
    act(client, "/admin/comments/comment/", "hide", comment)
    hidden = client.get("/campaign-1/signatures/thanks/"), Comment.objects.shown()

    assert Comment.objects.get().hidden_at == first
    assert not hidden[1].exists()
    act(client, "/admin/comments/comment/", "show", comment)
    act(client, "/admin/comments/comment/", "show", comment)
    assert "Buy this!" in client.get("/campaign-1/").text


def test_nobody_writes_or_deletes_comments_in_the_admin(client):
    client.force_login(make_staff("root", is_superuser=True))
    comment = make_comment(make_campaign(), "As it was written.")
    path = f"/admin/comments/comment/{comment.pk}"

    client.post("/admin/comments/comment/add/", {"name": "Made up"})
    client.post(f"{path}/change/", {"text": "Changed"})
    client.post(f"{path}/delete/", {"post": "yes"})

    assert Comment.objects.get().text == "As it was written."
