"""The thread as readers see it: order, pages, places, links, the feed."""

from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, Thread
from tests.factories import make_campaign, make_comment, make_ended_campaign

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def texts(page, *wanted):
    """Which of these texts stand on a page, in the page's order."""
    found = {text: page.find(f'<p dir="auto">{text}</p>') for text in wanted}
    return sorted((t for t, at in found.items() if at >= 0), key=found.get)


def test_conversations_stand_in_order_with_their_replies(client):
    campaign = make_campaign()
    first = make_comment(campaign, "first")
    make_comment(campaign, "second")
    reply = make_comment(campaign, "reply to first", parent=first)
    make_comment(campaign, "reply to reply", parent=reply)

    page = client.get("/campaign-1/comments/").text

    order = ["first", "reply to first", "reply to reply", "second"]
    assert texts(page, *order) == order
    assert ">4 comments</h1>" in page
    assert page.count("<ol>") == 1


def test_newest_first_turns_the_conversations_and_not_the_replies(client):
    campaign = make_campaign()
    first = make_comment(campaign, "first")
    make_comment(campaign, "second")
    make_comment(campaign, "reply one", parent=first)
    make_comment(campaign, "reply two", parent=first)

    page = client.get("/campaign-1/comments/newest/").text

    order = ["second", "first", "reply one", "reply two"]
    assert texts(page, *order) == order


def test_fifty_deep_is_two_levels_with_whom_each_replies_to(client, settings):
    settings.COMMENT_REPLIES_SHOWN = 60
    comment = make_comment(make_campaign(), "depth 0", name="Writer 0")
    for depth in range(1, 51):
        comment = make_comment(
            comment.campaign, f"depth {depth}", comment, name=f"Writer {depth}"
        )

    page = client.get("/campaign-1/comments/").text

    order = [f"depth {depth}" for depth in range(51)]
    assert texts(page, *order) == order
    assert page.count("<ol>") == 1
    assert "in reply to <bdi>Writer 49</bdi>" in page
    assert "in reply to <bdi>Writer 0</bdi>" not in page


def test_pages_hold_each_conversation_once_in_both_orders(client, settings):
    settings.COMMENTS_A_PAGE = 4
    campaign = make_campaign()
    names = [f"comment {number:02}" for number in range(11)]
    for name in names:
        make_comment(campaign, name)

    oldest = [client.get("/campaign-1/comments/").text]
    oldest += [client.get(f"/campaign-1/comments/page/{n}/").text for n in (2, 3)]
    newest = [client.get("/campaign-1/comments/newest/").text]
    newest += [
        client.get(f"/campaign-1/comments/newest/page/{n}/").text for n in (2, 3)
    ]

    assert [t for page in oldest for t in texts(page, *names)] == names
    assert [t for page in newest for t in texts(page, *names)] == names[::-1]
    assert "Page 2 of 3" in oldest[1]
    assert client.get("/campaign-1/comments/page/4/").status_code == 404
    assert client.get("/campaign-1/comments/page/0/").status_code == 404


@pytest.mark.parametrize("number", [1, 4, 5, 8, 9, 11])
def test_a_permalink_lands_on_the_page_with_the_comment(client, settings, number):
    settings.COMMENTS_A_PAGE = 4
    campaign = make_campaign()
    comments = [make_comment(campaign, f"comment {n}") for n in range(1, 12)]
    wanted = comments[number - 1]

    answer = client.get(wanted.get_absolute_url())

    path, _hash, anchor = answer["Location"].partition("#")
    page = client.get(path).text
    assert anchor == f"comment-{wanted.pk}"
    assert f'id="{anchor}"' in page
    assert texts(page, wanted.text) == [wanted.text]


def test_a_long_conversation_opens_on_pages_of_its_own(client, settings):
    settings.COMMENTS_A_PAGE, settings.COMMENT_REPLIES_SHOWN = 4, 2
    campaign = make_campaign()
    root = make_comment(campaign, "root")
    replies = [make_comment(campaign, f"reply {n:02}", root) for n in range(10)]
    names = [reply.text for reply in replies]

    page = client.get("/campaign-1/comments/").text
    seventh = client.get(replies[7].get_absolute_url())["Location"]

    assert texts(page, *names) == names[:2]
    assert "Show 8 more replies" in page
    path = f"/campaign-1/comments/{root.pk}/conversation/"
    assert f'href="{path}"' in page
    pages = [client.get(f"{path}{end}").text for end in ("", "page/2/", "page/3/")]
    assert [t for page in pages for t in texts(page, *names)] == names
    assert seventh == f"{path}page/2/#comment-{replies[7].pk}"


def test_a_comment_is_plain_text_with_links_that_we_do_not_vouch_for(client):
    make_comment(
        make_campaign(),
        "<b>bold</b>\nnext line\n\n& see https://a.example/x?y=1&z=2, ok? Please.Now",
    )

    page = client.get("/campaign-1/comments/").text

    assert '<p dir="auto">&lt;b&gt;bold&lt;/b&gt;<br>next line</p>' in page
    assert (
        '<a href="https://a.example/x?y=1&amp;z=2" rel="ugc nofollow noopener">' in page
    )
    assert "Please.Now</p>" in page


@pytest.mark.parametrize(
    "text",
    [
        'https://a.example/"onmouseover="alert(1)',
        "https://a.example/<script>alert(1)</script>",
        "javascript:alert(1)//https://",
        "http://" + "<" * 500,
        "[" * 4000 + "http://" + "(" * 900,
    ],
)
def test_no_text_becomes_markup(client, text):
    make_comment(make_campaign(), text)

    page = client.get("/campaign-1/comments/").text

    assert "<script>alert" not in page
    assert 'onmouseover="' not in page
    assert 'href="javascript' not in page


def test_a_comment_whose_text_was_lost_shows_compactly(client):
    make_comment(make_campaign(), "", name="katya masini")

    page = client.get("/campaign-1/comments/").text

    assert "<h3><bdi>katya masini</bdi></h3>" in page
    assert '<p class="comment-text">Added their name without a message.</p>' in page
    assert "comment-silent" in page


def test_hidden_and_waiting_comments_and_those_of_others_do_not_show(client):
    now = timezone.now()
    campaign = make_campaign()
    make_comment(campaign, "shown")
    make_comment(campaign, "hidden", state="hidden", hidden_at=now, hidden_for="other")
    make_comment(campaign, "waiting", state="waiting", queued_at=now)
    make_comment(make_campaign(), "elsewhere")

    page = client.get("/campaign-1/").text

    assert ">1 comment</h2>" in page
    assert texts(page, "shown", "hidden", "waiting", "elsewhere") == ["shown"]


def test_replies_to_a_hidden_comment_stay(client):
    campaign = make_campaign()
    rude = make_comment(campaign, "rude words", name="Rude")
    make_comment(campaign, "a good answer", rude)
    rude.moderated_by(None).hide("threat")

    page = client.get("/campaign-1/").text

    assert texts(page, "rude words", "a good answer") == ["a good answer"]
    assert "This comment is hidden" in page
    assert "Rude" not in page
    assert ">1 comment</h2>" in page


def test_an_open_campaign_without_comments_invites_to_write_one(client):
    make_campaign()

    page = client.get("/campaign-1/").text

    assert 'id="comments-title">Comments</h2>' in page
    assert "Nobody has written a comment yet." in page
    assert 'name="text"' in page


def test_an_ended_campaign_keeps_its_comments_and_takes_no_more(client):
    campaign = make_ended_campaign()
    assert 'id="comments"' not in client.get("/campaign-1/").text
    cache.clear()

    make_comment(campaign, "I was there.")
    page = client.get("/campaign-1/").text

    assert texts(page, "I was there.") == ["I was there."]
    assert "Comments here are closed. You can still read them." in page
    assert 'name="text"' not in page
    assert "reply-link" not in page


def test_the_feed_holds_the_newest_comments(client):
    campaign = make_campaign(title="Kim & Bo")
    make_comment(campaign, "older")
    newest = make_comment(campaign, "<newest> https://a.example", name="Ada & Bo")

    answer = client.get("/campaign-1/comments/feed/")

    root = ET.fromstring(answer.content)
    entries = root.findall(f"{ATOM}entry")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert [e.find(f"{ATOM}author/{ATOM}name").text for e in entries] == [
        "Ada & Bo",
        "Leontine",
    ]
    link = entries[0].find(f"{ATOM}link").get("href")
    assert link == f"http://testserver{newest.get_absolute_url()}"
    assert "&lt;newest&gt;" in entries[0].find(f"{ATOM}summary").text


def fill(campaign, number):
    now = timezone.now()
    shown = {"state": "shown", "created_at": now, "shown_at": now, "name": "Filler"}
    shown["mail_key"] = None
    roots = Comment.objects.bulk_create(
        Comment(campaign=campaign, text=f"filler {n}", **shown) for n in range(number)
    )
    Comment.objects.bulk_create(
        Comment(campaign=campaign, root=r, parent=r, text="reply", **shown)
        for r in roots
    )
    Thread.objects.locked(campaign.pk).recount(*[root.pk for root in roots])


def test_a_page_reads_no_more_of_a_long_conversation_than_it_shows(client):
    campaign = make_campaign()
    root = make_comment(campaign, "root")
    fill(campaign, 300)
    now = timezone.now()
    answer = {"created_at": now, "root": root, "parent": root}
    answer |= {"state": "shown", "shown_at": now}
    Comment.objects.bulk_create(
        Comment(
            campaign=campaign, text=f"reply {n}", name="Bo", mail_key=None, **answer
        )
        for n in range(2000)
    )
    Thread.objects.locked(campaign.pk).recount(root.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")

    assert rows_read(client, "/campaign-1/comments/") < 200


def rows_read(client, path):
    """How many rows the largest step goes through of the statement for a page."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    [sql] = [each["sql"] for each in queries if "CROSS JOIN LATERAL" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as for a large table
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        [[[plan]]] = cursor.fetchall()

    return max(rows_of(plan["Plan"]))


def rows_of(node):
    passed = node.get("Rows Removed by Filter", 0)
    yield (node["Actual Rows"] + passed) * node["Actual Loops"]
    for below in node.get("Plans", []):
        yield from rows_of(below)


def test_a_comment_on_the_last_of_many_pages_is_found_from_the_nearer_end(
    client, settings
):
    settings.COMMENTS_A_PAGE = 7
    campaign = make_campaign()
    fill(campaign, 100)

    pages = [client.get(f"/campaign-1/comments/page/{n}/").text for n in range(1, 16)]

    names = [f"filler {n}" for n in range(100)]
    assert [t for page in pages for t in texts(page, *names)] == names


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


@pytest.mark.parametrize(
    "fields",
    [
        {"parent": True},
        {"root": True},
        {"hidden_for": "spam"},
        {"shown_at": None},
        {"state": "waiting"},
        {"state": "waiting", "shown_at": None},  # on no desk
        {"state": "hidden"},
        {"state": "hidden", "hidden_at": timezone.now()},
        {"state": "removed"},
        {"state": "gone"},
        {"root": True, "parent": True, "pinned_at": timezone.now()},
    ],
)
def test_the_database_refuses_what_cannot_be(fields):
    campaign = make_campaign()
    first = make_comment(campaign)
    keys = {name: first for name, value in fields.items() if value is True}

    with pytest.raises(IntegrityError):
        Comment.objects.create(
            campaign=campaign,
            name="x",
            **{
                "created_at": timezone.now(),
                "state": "shown",
                "shown_at": timezone.now(),
                **fields,
                **keys,
            },
        )
