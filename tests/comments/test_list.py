"""The list of comments: found by state, rule and address, and decided on together."""

import contextlib
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.admin.forecast import outcome
from comments.models import Comment, Moderation
from comments.moderating import CHANGES, Collision, NeedsAnother
from comments.rules import RuleFinding
from tests.comments.desk import INBOX
from tests.factories import make_campaign, make_comment, make_staff, write_comment
from tests.staff.forms import fields_of, run_action

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"


@pytest.fixture(autouse=True)
def signed_in(client, cy):
    client.force_login(cy)


@pytest.fixture
def campaign():
    return make_campaign()


@pytest.fixture
def one_of_each(campaign, cy, di):
    """A comment in each state, by the name of the state."""
    made = {
        "waiting": write_comment(campaign),
        "spam": write_comment(campaign, findings=[RuleFinding("word", "pills")]),
        "shown": make_comment(campaign),
        "reported": make_comment(campaign),
        "hidden": write_comment(campaign),
        "appealed": write_comment(campaign),
        "own": write_comment(campaign),
        "taken": write_comment(campaign),
        "removed": make_comment(campaign),
    }
    made["reported"].report(reason="hate", words="", network_hash="a")
    made["hidden"].moderated_by(cy).hide("hate")
    made["appealed"].moderated_by(di).hide("hate")
    made["appealed"].by_writer.appeal("No.")
    made["own"].moderated_by(cy).hide("hate")
    made["own"].by_writer.appeal("No.")
    made["taken"].moderated_by(di).claim()
    made["removed"].remove()
    for comment in made.values():
        comment.refresh_from_db()
    return made


def found(client, **query):
    return set(client.get(LIST, query).context["cl"].result_list)


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("waiting", {"waiting", "spam", "taken"}),
        ("spam", {"spam"}),
        ("shown", {"shown", "reported"}),
        ("reported", {"reported"}),
        ("hidden", {"hidden", "appealed", "own"}),
        ("appealed", {"appealed", "own"}),
        ("removed", {"removed"}),
    ],
)
def test_comments_are_found_by_their_state(client, one_of_each, state, names):
    assert found(client, state=state) == {one_of_each[name] for name in names}
    assert found(client, state="nothing") == set(one_of_each.values())


def test_comments_are_found_by_the_rule_that_held_them(client, campaign):
    links = write_comment(campaign, findings=[RuleFinding("links", "3")])
    both = write_comment(
        campaign, findings=[RuleFinding("word", "pills"), RuleFinding("links", "2")]
    )
    write_comment(campaign)

    assert found(client, rule="links") == {links, both}
    assert found(client, rule="word") == {both}
    assert found(client, rule="flood") == set()


def test_comments_are_found_by_campaign_name_text_and_whole_address(client, campaign):
    ada = write_comment(campaign, "About foxes.", email="ada@mail.example")
    bo = write_comment(make_campaign(), "About dogs.", email="bo@mail.example")
    grace = write_comment(campaign, "Else.", name="Grace", email="g@mail.example")

    assert found(client, q="foxes") == {ada}
    assert found(client, q="grace") == {grace}
    assert found(client, q="bo@mail.example") == {bo}
    assert found(client, q="mail.example") == set()
    assert found(client, campaign__id__exact=bo.campaign_id) == {bo}


def test_the_list_says_where_each_comment_stands_and_leads_to_the_desk(
    client, one_of_each
):
    page = client.get(LIST).text

    words = ("New", "Likely spam", "Shown", "Reported", "Hidden", "Appeal", "Removed")
    for word in words:
        assert f">{word}</span>" in page
    answer = client.get(f"{LIST}{one_of_each['waiting'].pk}/change/")
    assert answer.url == f"{LIST}desk/{one_of_each['waiting'].pk}/"


def test_a_preview_says_exactly_what_will_happen(client, one_of_each):
    before = list(Comment.objects.order_by("pk").values())

    page = run_action(client, LIST, "show", *one_of_each.values())

    for sentence in (
        "4 will be approved.",
        "1 is already shown. Its reports will be answered.",
        "1 is already shown: nothing happens.",
        "1 was removed by its writer: nothing happens.",
        "1 is an appeal against your own decision: another moderator decides.",
        "1 is with another moderator: nothing happens.",
    ):
        assert f"<li>{sentence}</li>" in page.text
    assert "Approve (5)" in page.text
    assert list(Comment.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("name", ["show", "hide", "spam"])
def test_what_is_foretold_is_what_happens(cy, one_of_each, name):
    for comment in one_of_each.values():
        foretold = outcome(name, comment, cy)
        moderating = comment.moderated_by(cy).having_seen(comment.version)
        before = comment.moderations.count()
        with contextlib.suppress(Collision, NeedsAnother):
            {
                "show": moderating.show,
                "hide": lambda by=moderating: by.hide("hate"),
                "spam": moderating.mark_spam,
            }[name]()
        done = list(comment.moderations.all())[: comment.moderations.count() - before]

        assert [m.decision for m in done] == ([foretold] if foretold in CHANGES else [])


def confirm(client, page, **fields):
    """Press the button of the page that asks."""
    return client.post(INBOX, {**fields_of(page), **fields}, follow=True)


def undo(client, page):
    return client.post(INBOX, {**fields_of(page), "decision": "undo"}, follow=True)


@pytest.mark.parametrize(
    ("name", "fields", "state"),
    [
        ("show", {}, "shown"),
        ("hide", {"reason": "private", "words": "Numbers."}, "hidden"),
        ("spam", {}, "hidden"),
    ],
)
def test_all_that_was_decided_together_is_undone_at_once(
    client, campaign, name, fields, state
):
    comments = [write_comment(campaign, name=f"C {n}") for n in range(3)]
    before = list(Comment.objects.order_by("pk").values("queued_at", "shown_at"))

    done = confirm(client, run_action(client, LIST, name, *comments), **fields)

    assert {c.state for c in Comment.objects.all()} == {state}
    assert len(set(Moderation.objects.values_list("bulk_action", flat=True))) == 1
    assert re.search(r"(Approved|Hidden): 3", done.text)
    undone = undo(client, done)
    assert "Undone: 3" in undone.text
    assert {c.state for c in Comment.objects.all()} == {"waiting"}
    after = list(Comment.objects.order_by("pk").values("queued_at", "shown_at"))
    assert after == before
    assert "Somebody has already decided on these." in undo(client, done).text


def test_the_inbox_decides_on_one_and_on_those_that_are_chosen(client, campaign):
    one, *others = [write_comment(campaign, name=f"C {n}") for n in range(3)]
    page = client.get(INBOX).text
    assert [name in page for name in ("C 0", "C 1", "C 2")] == [True] * 3

    client.post(INBOX, {"decision": f"show:{one.pk}-{one.version}"})
    rows = [f"{each.pk}-{each.version}" for each in others]
    done = client.post(INBOX, {"decision": "spam", "row": rows}, follow=True)

    assert [c.state for c in Comment.objects.order_by("pk")] == [
        *("shown", "hidden", "hidden")
    ]
    undo(client, done)
    assert Comment.objects.waiting().count() == 2


def test_hiding_many_asks_for_the_reason_and_keeps_the_words(client, campaign):
    comments = [write_comment(campaign) for _n in range(2)]

    page = confirm(client, run_action(client, LIST, "hide", *comments), words="Typed.")

    assert page.status_code == 422
    assert "Choose a reason." in page.text
    assert "Typed.</textarea>" in page.text
    assert not Moderation.objects.exists()
    confirm(client, page, reason="other", words="Typed.")
    assert {c.hidden_words for c in Comment.objects.all()} == {"Typed."}


def test_what_changed_since_the_preview_is_left_alone(client, campaign, di):
    comments = [write_comment(campaign) for _n in range(3)]
    page = run_action(client, LIST, "show", *comments)
    comments[0].moderated_by(di).hide("hate")
    comments[1].by_writer.edit("Changed.", [])

    done = confirm(client, page)

    assert "2 had changed in the meantime, and stay as they are." in done.text
    assert [c.state for c in Comment.objects.order_by("pk")] == [
        "hidden",
        "waiting",
        "shown",
    ]


def test_an_undo_of_many_leaves_what_another_did_since(client, campaign, cy, di):
    comments = [write_comment(campaign) for _n in range(2)]
    done = confirm(client, run_action(client, LIST, "show", *comments))
    comments[0].moderated_by(di).hide("hate")

    undone = undo(client, done)

    assert "1 had changed in the meantime, and stays as it is." in undone.text
    states = [c.state for c in Comment.objects.order_by("pk")]
    assert states == ["hidden", "waiting"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "show"},
        {"decision": "show", "row": "x-y"},
        {"decision": "show", "row": "1-2-3"},
        {"decision": "destroy", "row": "1-1"},
        {"decision": f"show:{'9' * 30}-1"},
        {"decision": "undo", "last": "x"},
    ],
)
def test_a_strange_form_does_nothing(client, campaign, data):
    write_comment(campaign)

    assert client.post(INBOX, data, follow=True).status_code == 200
    assert not Moderation.objects.exists()


def test_a_campaigner_decides_on_none(client, campaign):
    comment = write_comment(campaign)
    client.force_login(make_staff("bo", "Campaigners"))

    page = run_action(client, LIST, "show", comment)
    posted = client.post(INBOX, {"decision": "show", "row": f"{comment.pk}-2"})

    assert "What will happen" not in page.text
    assert posted.status_code == 403
    assert not Moderation.objects.exists()


def test_a_preview_costs_the_same_for_1_and_30(client, campaign, cy):
    costs = []
    made = []
    for size in (1, 30):
        while len(made) < size:
            made.append(make_comment(campaign))
        run_action(client, LIST, "hide", *made)
        with CaptureQueriesContext(connection) as queries:
            page = run_action(client, LIST, "hide", *made)
        assert f"({size})" in page.text
        costs.append(len(queries))

    assert len(set(costs)) == 1


def test_many_are_done_in_portions(client, campaign, monkeypatch):
    monkeypatch.setattr("comments.inbox.MOST", 2)
    comments = [write_comment(campaign) for _n in range(3)]

    page = run_action(client, LIST, "show", *comments)
    confirm(client, page)

    assert "You chose 3. These are the first 2." in page.text
    assert [c.state for c in Comment.objects.order_by("pk")] == [
        "shown",
        "shown",
        "waiting",
    ]
