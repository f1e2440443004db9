"""One desk for what is held: each kind for who may decide on it, twins as one line."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters.models import Letter
from petitions.models import Signature
from staff.models import AuditEntry
from supporters.acts import held_lines
from supporters.acts.act import HoldableAct
from tests.factories import (
    follow,
    make_campaign,
    make_letter,
    make_petition,
    make_staff,
    sign,
)
from tests.letters.makers import write

pytestmark = pytest.mark.django_db
DESK = "/admin/inbox/held/"


@pytest.fixture
def cy(client):
    cy = make_staff("cy", "Moderators")
    client.force_login(cy)
    return cy


def hold_signature(petition=None, **fields):
    return sign(petition or make_petition(), held_for="flood", **fields)


def decide(client, decision, *rows, is_sure=True):
    data = {"decision": decision, "row": rows} | ({"sure": "1"} if is_sure else {})
    return client.post(DESK, data, follow=True)


def row(*acts):
    keys = [act.pk for act in acts]
    return f"{acts[0]._meta.label_lower}-{min(keys)}-{max(keys)}"


def test_each_kind_stands_on_the_desk_with_what_it_says_and_why_it_waits(client, cy):
    campaign = make_campaign()
    hold_signature(make_petition(campaign), name="Ada Lovelace")
    text = "Please help.\nClose the market.\nBo Li"
    write(make_letter(campaign), held_for="domain", name="Bo Li", text=text)
    follow(campaign, "eve@mail.example", held_for="flood")

    page = client.get(DESK).text

    assert "Held items (3)" in page
    assert "Ada Lovelace" in page
    assert "A lot from one network" in page
    assert "Bo Li" in page
    assert "Close the market." in page
    assert "eve@mail.example" in page
    assert page.count(f"<bdi>{campaign}</bdi>") == 3


@pytest.mark.parametrize(
    ("permission", "seen"),
    [("change_signature", "Signature"), ("change_letter", "Letter")],
)
def test_who_may_decide_on_one_kind_sees_no_other(client, permission, seen):
    hold_signature()
    held = write(held_for="flood")
    dee = make_staff("dee")
    dee.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(dee)

    page = client.get(DESK).text

    assert f"<p>{seen}: " in page
    assert page.count('name="row"') == 1
    if seen == "Signature":
        decide(client, "release", row(held))
        assert Letter.objects.held().count() == 1


def test_nobody_else_gets_there(client):
    client.force_login(make_staff("eve", "Campaigners"))
    eve = make_staff("eve2")
    client.force_login(eve)
    assert client.get(DESK).status_code == 403
    client.logout()
    assert client.get(DESK).status_code == 302


def hold_letter(suggested, **fields):
    return write(suggested, held_for="flood", **fields)


def hold_follow(campaign, email="ada@mail.example", frequency="daily"):
    return follow(campaign, email, frequency=frequency, held_for="flood")


@pytest.mark.parametrize("kind", ["signature", "letter", "follow"])
def test_all_posts_of_a_line_are_found_in_the_list_of_their_kind(client, cy, kind):
    campaign = make_campaign()
    if kind == "signature":
        hold, where, other = hold_signature, make_petition(campaign), {"name": "Bo Li"}
    elif kind == "letter":
        hold, where, other = hold_letter, make_letter(campaign), {"name": "Bo Li"}
    else:
        hold, where, other = hold_follow, campaign, {"frequency": "weekly"}
    twins = [hold(where, email=f"n{n}@mail.example") for n in range(3)]
    hold(where, **other)
    desk = client.get(DESK).text
    [link] = re.findall(r'href="(/admin/[^"]*\?line=[^"]*)">Look at all 3<', desk)
    hold(where, email="later@mail.example")

    found = client.get(link)

    assert set(found.context["cl"].result_list) == set(twins)
    for twin in twins:  # which is all that tells them apart
        assert twin.confirmation.email in found.text
    assert AuditEntry.objects.latest("pk").kind == AuditEntry.Kind.LISTED
    back = f'href="{DESK}">Back to what is held<'
    assert back in found.text
    assert back not in client.get(link.partition("?")[0]).text
    for made_up in ("x", "1", "-", f"{2**70}-1", "999999-999999"):
        path = link.partition("=")[0]
        assert client.get(f"{path}={made_up}").context["cl"].result_count == 0


def test_the_list_of_every_kind_knows_the_lines_of_the_desk():
    """Without, "Look at all" of a kind that is new shows the whole list."""
    kinds = list(HoldableAct.kinds())

    assert len(kinds) >= 3
    for kind in kinds:
        its_admin = admin.site.get_model_admin(kind)
        assert held_lines.LineFilter in its_admin.list_filter, kind


def test_posts_that_say_the_same_are_one_line_and_decided_on_together(
    client, cy, mailbox, work
):
    petition = make_petition()
    twins = [hold_signature(petition, name="Ada Lovelace") for _n in range(3)]
    other = hold_signature(petition, name="Bo Li", email="bo@mail.example")
    page = client.get(DESK).text
    assert page.count('name="row"') == 2
    assert "Posted 3 times, with 1 email address." in page
    later = hold_signature(petition, name="Ada Lovelace")

    answer = decide(client, "release", row(*twins))

    assert "3 released. Their owners are asked to confirm." in answer.text
    assert set(Signature.objects.held()) == {other, later}
    work()
    assert len(mailbox.messages) == 1
    entry = AuditEntry.objects.filter(action="release").get()
    assert (entry.by, entry.count, set(entry.keys)) == (
        cy,
        3,
        {str(twin.pk) for twin in twins},
    )


def test_a_line_of_several_people_says_so(client, cy):
    campaign = make_campaign()
    for name in ("ada", "bo"):
        follow(campaign, f"{name}@mail.example", held_for="flood")

    page = client.get(DESK).text

    assert "ada@mail.example" in page
    assert "Posted 2 times, with 2 email addresses." in page


def test_of_a_letter_stands_there_what_its_writer_has_changed(client, cy):
    suggested = make_letter(body="As we suggest it. " * 30 + "\n\nWith best regards")
    text = f"{suggested.body}\nBuy watches.\nBo Li, Hull"
    write(suggested, held_for="flood", text=text)

    page = client.get(DESK).text

    assert '<blockquote dir="auto">Buy watches.<br>Bo Li, Hull</blockquote>' in page
    assert "As we suggest it." not in page


def test_how_many_are_rejected_is_said_before_and_nothing_is_done(client, cy):
    petition = make_petition()
    twins = [hold_signature(petition, name="Ada Lovelace") for _n in range(2)]

    asked = decide(client, "reject", row(*twins), is_sure=False)

    assert "Reject (2)" in asked.text
    assert "<bdi>Ada Lovelace, London, United Kingdom</bdi>" in asked.text
    assert f'name="row" value="{row(*twins)}"' in asked.text
    assert Signature.objects.held().count() == 2


def test_what_is_rejected_gets_no_question(client, cy, mailbox, work):
    held = hold_signature()

    answer = decide(client, "reject", row(held))
    again = decide(client, "release", row(held))

    assert "1 rejected." in answer.text
    assert "Somebody has already decided on these." in again.text
    held.refresh_from_db()
    assert (held.is_held, held.decided_by) == (False, cy)
    work()
    assert mailbox.messages == []


@pytest.mark.parametrize(
    "rows",
    [
        *((), ("x",), ("1-1",), ("petitions.signature",), ("petitions.signature-0-0",)),
        *(("petitions.signature-1-99999999999999999999",), ("comments.comment-1-1",)),
        *(("petitions.signature--5-7",), ("petitions.signature-1-2-3",)),
    ],
)
def test_what_is_no_line_changes_nothing_and_says_so(client, cy, rows):
    hold_signature()

    answer = decide(client, "release", *rows)

    assert answer.status_code == 200
    assert Signature.objects.held().count() == 1
    said = ("Nothing has changed.", "Somebody has already decided on these.")
    assert any(sentence in answer.text for sentence in said)


def test_opening_it_changes_nothing_and_costs_the_same_for_many(client, cy):
    petition = make_petition()
    hold_signature(petition, name="Person A")
    client.get(DESK)
    with CaptureQueriesContext(connection) as few:
        client.get(DESK)
    for n in range(20):
        hold_signature(petition, name=f"Person {n}", email=f"p{n}@mail.example")

    with CaptureQueriesContext(connection) as many:
        page = client.get(DESK).text

    assert len(many) == len(few)
    assert page.count('name="row"') == 21
    assert Signature.objects.held().count() == 21


def test_a_twin_that_waits_for_another_reason_is_another_row(client, cy):
    petition = make_petition()
    flood = hold_signature(petition)
    blocked = sign(petition, held_for="address")

    page = client.get(DESK).text
    decide(client, "release", row(flood, blocked))

    assert page.count('name="row"') == 2
    assert Signature.objects.held().get() == blocked


def test_of_a_flood_the_oldest_have_their_turn(client, cy, monkeypatch):
    monkeypatch.setattr(held_lines, "MOST_ROWS", 2)
    petition = make_petition()
    for name in ("First", "Second", "Third"):
        hold_signature(petition, name=name, email=f"{name}@mail.example".lower())

    page = client.get(DESK).text

    assert "Third" not in page


def test_nothing_is_undone_here_and_the_page_says_so(client, cy):
    held = hold_signature()

    done = client.post(DESK, {"decision": "undo", "last": row(held)}, follow=True)

    assert "Somebody has already decided on these." in done.text
    assert Signature.objects.held().get() == held


@pytest.mark.parametrize("key", ["", "x", "supporters.follow-1-", "letters.letter--3"])
@pytest.mark.parametrize("decision", ["release", "reject"])
def test_a_strange_key_holds_nothing_up(client, cy, decision, key):
    held = hold_signature()

    assert decide(client, f"{decision}:{key}").status_code == 200
    assert decide(client, decision, key).status_code == 200
    assert Signature.objects.held().get() == held


def test_an_empty_desk_says_so(client, cy):
    assert "Nothing is held." in client.get(DESK).text
