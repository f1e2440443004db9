"""The list of comments in the admin: found by state, rule and address; bulk actions."""

import contextlib
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.admin.forecast import DONE, forecast, outcome
from comments.models import Comment, Moderation
from comments.moderating import CannotUndo, Collision, NeedsAnother
from comments.rules import RuleFinding
from tests.factories import make_campaign, make_comment, make_staff, write_comment
from tests.staff.forms import run_action

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
    assert "Approve them (5)" in page.text
    assert list(Comment.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("name", ["show", "hide", "spam", "undo"])
def test_what_is_foretold_is_what_happens(cy, one_of_each, name):
    last = {m.comment_id: m for m in Moderation.objects.order_by("pk")}
    for comment in one_of_each.values():
        foretold = outcome(name, comment, cy, last.get(comment.pk))
        moderating = comment.moderated_by(cy).having_seen(comment.version)
        before = comment.moderations.count()
        with contextlib.suppress(Collision, NeedsAnother, CannotUndo):
            {
                "show": moderating.show,
                "hide": lambda by=moderating: by.hide("hate"),
                "spam": moderating.mark_spam,
                "undo": moderating.undo,
            }[name]()
        done = list(comment.moderations.all())[: comment.moderations.count() - before]

        assert [m.decision for m in done] == ([foretold] if foretold in DONE else [])


def confirm(client, page, **fields):
    """Press the button of the preview."""
    chosen = page.text.split('name="chosen" value="')[1].split('"')[0]
    name = page.text.split('name="decision" value="')[1].split('"')[0]
    data = {"decision": name, "chosen": chosen, **fields}
    return client.post(f"{LIST}bulk-actions/", data, follow=True)


@pytest.mark.parametrize(
    ("name", "fields", "state"),
    [
        ("show", {}, "shown"),
        ("hide", {"reason": "private", "words": "Numbers."}, "hidden"),
        ("spam", {}, "hidden"),
    ],
)
def test_all_that_a_bulk_action_did_is_undone_at_once(
    client, campaign, name, fields, state
):
    comments = [write_comment(campaign, name=f"C {n}") for n in range(3)]
    before = list(Comment.objects.order_by("pk").values("queued_at", "shown_at"))

    done = confirm(client, run_action(client, LIST, name, *comments), **fields)

    assert {c.state for c in Comment.objects.all()} == {state}
    [bulk_action] = set(Moderation.objects.values_list("bulk_action", flat=True))
    assert done.request["PATH_INFO"] == f"{LIST}bulk-actions/{bulk_action}/"
    assert "C 2" in done.text
    undone = client.post(f"{LIST}bulk-actions/{bulk_action}/undo/", follow=True)
    assert "<li>Undone: 3</li>" in undone.text
    assert {c.state for c in Comment.objects.all()} == {"waiting"}
    after = list(Comment.objects.order_by("pk").values("queued_at", "shown_at"))
    assert after == before
    assert client.post(f"{LIST}bulk-actions/{bulk_action}/undo/").status_code == 404


def test_hiding_in_bulk_asks_for_the_reason_and_keeps_the_words(client, campaign):
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


def test_an_undo_in_bulk_leaves_what_another_did_since(client, campaign, cy, di):
    comments = [write_comment(campaign) for _n in range(2)]
    done = confirm(client, run_action(client, LIST, "show", *comments))
    bulk_action = Moderation.objects.first().bulk_action
    comments[0].moderated_by(di).hide("hate")

    undone = client.post(f"{LIST}bulk-actions/{bulk_action}/undo/", follow=True)

    assert "1 had changed in the meantime, and stays as it is." in undone.text
    assert done.status_code == undone.status_code == 200
    states = [c.state for c in Comment.objects.order_by("pk")]
    assert states == ["hidden", "waiting"]


def test_the_last_acts_of_chosen_comments_are_undone(client, campaign, cy):
    comments = [write_comment(campaign) for _n in range(2)]
    comments[0].moderated_by(cy).hide("hate")

    page = run_action(client, LIST, "undo", *comments)
    confirm(client, page)

    assert "The last decision on 1 will be undone." in page.text
    assert "1 has nothing that can be undone." in page.text
    assert {c.state for c in Comment.objects.all()} == {"waiting"}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "show"},
        {"decision": "show", "chosen": "x:y"},
        {"decision": "show", "chosen": "1:2:3"},
        {"decision": "destroy", "chosen": "1:1"},
        {"decision": "show", "chosen": " ".join(f"{n}:1" for n in range(501))},
    ],
)
def test_a_strange_bulk_act_does_nothing(client, campaign, data):
    write_comment(campaign)

    page = client.post(f"{LIST}bulk-actions/", data, follow=True)

    assert "Choose the comments in the list." in page.text
    assert not Moderation.objects.exists()


def test_a_campaigner_has_no_bulk_acts(client, campaign):
    comment = write_comment(campaign)
    client.force_login(make_staff("bo", "Campaigners"))

    page = run_action(client, LIST, "show", comment)
    posted = client.post(
        f"{LIST}bulk-actions/", {"decision": "show", "chosen": f"{comment.pk}:2"}
    )

    assert "What will happen" not in page.text
    assert posted.status_code == 403
    assert not Moderation.objects.exists()


def test_a_preview_costs_the_same_for_1_and_30(client, campaign, cy):
    costs = []
    made = []
    for size, name in itertools.product((1, 30), ("hide", "undo")):
        while len(made) < size:
            made.append(make_comment(campaign))
            made[-1].moderated_by(cy).pin()
        run_action(client, LIST, name, *made)
        with CaptureQueriesContext(connection) as queries:
            page = run_action(client, LIST, name, *made)
        assert f"({size})" in page.text
        costs.append((name, len(queries)))

    assert len(set(costs)) == 2


def test_many_are_done_in_portions(client, campaign, monkeypatch):
    monkeypatch.setattr("comments.admin.bulk_actions.MOST", 2)
    comments = [write_comment(campaign) for _n in range(3)]

    page = run_action(client, LIST, "show", *comments)
    confirm(client, page)

    assert "You chose 3. These are the first 2." in page.text
    assert [c.state for c in Comment.objects.order_by("pk")] == [
        "shown",
        "shown",
        "waiting",
    ]


def test_a_forecast_of_nothing_says_nothing(cy):
    assert forecast("show", [], cy) == {"sentences": [], "changing": 0}
