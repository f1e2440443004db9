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
DESK = "/admin/held/"


@pytest.fixture
def cy(client):
    cy = make_staff("cy", "Moderators")
    client.force_login(cy)
    return cy


def hold_signature(petition=None, **fields):
    return sign(petition or make_petition(), held_for="flood", **fields)


def decide(client, decision, *lines, kind="petitions.signature", is_sure=True):
    data = {"decision": decision, "line": lines} | ({"sure": "1"} if is_sure else {})
    return client.post(f"{DESK}?kind={kind}", data, follow=True)


def line(*acts):
    keys = [act.pk for act in acts]
    return f"{min(keys)}-{max(keys)}"


def test_each_kind_stands_on_the_desk_with_what_it_says_and_why_it_waits(client, cy):
    campaign = make_campaign()
    hold_signature(make_petition(campaign), name="Ada Lovelace")
    text = "Please help.\nClose the market.\nBo Li"
    write(make_letter(campaign), held_for="domain", name="Bo Li", text=text)
    follow(campaign, "eve@mail.example", held_for="flood")

    pages = {
        name: client.get(f"{DESK}?kind={name}").text
        for name in ("petitions.signature", "letters.letter", "supporters.follow")
    }

    assert "Ada Lovelace" in pages["petitions.signature"]
    assert "A lot from one network" in pages["petitions.signature"]
    assert "Bo Li" in pages["letters.letter"]
    assert "Close the market." in pages["letters.letter"]
    assert "eve@mail.example" in pages["supporters.follow"]
    for page in pages.values():
        assert "Signatures (1)" in page
        assert str(campaign) in page


@pytest.mark.parametrize(
    ("permission", "seen"),
    [("change_signature", "Signatures"), ("change_letter", "Letters")],
)
def test_who_may_decide_on_one_kind_sees_no_other(client, permission, seen):
    hold_signature()
    held = write(held_for="flood")
    dee = make_staff("dee")
    dee.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(dee)

    page = client.get(f"{DESK}?kind=letters.letter").text

    assert f"{seen} (1)" in page
    assert page.count("(1)") == 1
    if seen == "Signatures":
        decide(client, "release", line(held), kind="letters.letter")
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
    label = twins[0]._meta.label_lower
    desk = client.get(f"{DESK}?kind={label}").text
    [link] = re.findall(r'href="(/admin/[^"]*\?line=[^"]*)">Look at all 3<', desk)
    hold(where, email="later@mail.example")

    found = client.get(link)

    assert set(found.context["cl"].result_list) == set(twins)
    for twin in twins:  # which is all that tells them apart
        assert twin.confirmation.email in found.text
    assert AuditEntry.objects.latest("pk").kind == AuditEntry.Kind.LISTED
    back = f'href="{DESK}?kind={label}">Back to what is held<'
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
    assert page.count('name="line"') == 2
    assert "Posted 3 times, with 1 email address.<" in page
    later = hold_signature(petition, name="Ada Lovelace")

    answer = decide(client, "release", line(*twins))

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

    page = client.get(f"{DESK}?kind=supporters.follow").text

    assert "ada@mail.example" in page
    assert "Posted 2 times, with 2 email addresses." in page


def test_of_a_letter_stands_there_what_its_writer_has_changed(client, cy):
    suggested = make_letter(body="As we suggest it. " * 30 + "\n\nWith best regards")
    text = f"{suggested.body}\nBuy watches.\nBo Li, Hull"
    write(suggested, held_for="flood", text=text)

    page = client.get(f"{DESK}?kind=letters.letter").text

    assert "<blockquote>Buy watches.<br>Bo Li, Hull</blockquote>" in page
    assert "As we suggest it." not in page


def test_how_many_are_rejected_is_said_before_and_nothing_is_done(client, cy):
    petition = make_petition()
    twins = [hold_signature(petition, name="Ada Lovelace") for _n in range(2)]

    asked = decide(client, "reject", line(*twins), is_sure=False)

    assert "Reject (2)" in asked.text
    assert "<bdi>Ada Lovelace, London, United Kingdom</bdi>" in asked.text
    assert f'name="line" value="{line(*twins)}"' in asked.text
    assert Signature.objects.held().count() == 2


def test_what_is_rejected_gets_no_question(client, cy, mailbox, work):
    held = hold_signature()

    answer = decide(client, "reject", line(held))
    again = decide(client, "release", line(held))

    assert "1 rejected." in answer.text
    assert "Somebody has already decided on these." in again.text
    held.refresh_from_db()
    assert (held.is_held, held.decided_by) == (False, cy)
    work()
    assert mailbox.messages == []


@pytest.mark.parametrize(
    "lines",
    [(), ("x",), ("1",), ("0-0",), ("1-99999999999999999999",), ("-5-7",), ("1-2-3",)],
)
def test_what_is_no_line_changes_nothing_and_says_so(client, cy, lines):
    hold_signature()

    answer = decide(client, "release", *lines)

    assert answer.status_code == 200
    assert Signature.objects.held().count() == 1
    assert "Nothing has changed." in answer.text


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
    assert page.count('name="line"') == 21
    assert Signature.objects.held().count() == 21


def test_a_twin_that_waits_for_another_reason_is_another_line(client, cy):
    petition = make_petition()
    flood = hold_signature(petition)
    blocked = sign(petition, held_for="address")

    page = client.get(DESK).text
    decide(client, "release", line(flood, blocked))

    assert page.count('name="line"') == 2
    assert Signature.objects.held().get() == blocked


def test_lines_are_of_the_kind_that_was_seen_and_of_no_other(client, cy):
    letter = write(held_for="flood")
    seen = hold_signature()
    page = client.get(DESK).text
    action = re.search(r'<form class="desk-form" method="post" action="([^"]*)"', page)
    Signature.objects.reject(by=cy)
    Letter.objects.filter(pk=letter.pk).update(id=seen.pk)

    data = {"decision": "release", "line": line(seen)}
    without = client.post(DESK, data)
    client.post(action[1], data)

    assert action[1] == f"{DESK}?kind=petitions.signature"
    assert without.status_code == 403
    assert Letter.objects.held().count() == 1


def test_of_a_flood_the_oldest_have_their_turn(client, cy, monkeypatch):
    monkeypatch.setattr(held_lines, "MOST_ROWS", 2)
    petition = make_petition()
    for name in ("First", "Second", "Third"):
        hold_signature(petition, name=name, email=f"{name}@mail.example".lower())

    page = client.get(DESK).text

    assert "These are the oldest 2 of 3." in page
    assert "Third" not in page


def test_an_empty_desk_says_so(client, cy):
    assert "Nothing is held." in client.get(DESK).text
