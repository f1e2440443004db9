"""What is on the block list waits for a person, wherever it is sent to."""

import pytest
from django.utils import timezone

from letters.models import Letter
from petitions.models import Signature
from safeguards.blocks import Block
from supporters.acts.holding import examine_again
from supporters.models import Follow, Supporter
from tests.factories import ADA, make_letter, make_petition, make_staff, prove

pytestmark = pytest.mark.django_db
EMAIL = {"email": ADA["email"]}
LETTER = {
    "name": "Ada",
    "place": "London",
    "own_words": "Cheap  pills, Mayor.",
    "subject": "Help",
    "body": "Dear all:\r\n\r\nPlease help the animals of our city.\r\n\r\n"
    "[Your Name & City/Country]",
    "send": "",
    **EMAIL,
}
FORMS = {
    "signatures/": (Signature, {**ADA, "city": "Cheap pills"}),
    "letter/": (Letter, LETTER),
    "follows/": (Follow, {**EMAIL, "frequency": "weekly"}),
}


@pytest.fixture(params=FORMS)
def form(request):
    """A form of the campaign: its path, the model of its rows, what fills it in."""
    make_letter(make_petition().campaign)
    model, typed = FORMS[request.param]
    return f"/campaign-1/{request.param}", model, typed


@pytest.mark.parametrize(
    "blocked",
    [
        ("address", "ada@mail.example"),
        ("address", "mail.example"),
        ("network", "127.0.0.0/24"),
        ("word", "cheap pills"),
    ],
)
def test_what_is_blocked_waits_and_gets_no_mail(client, form, mailbox, work, blocked):
    (path, model, typed), (kind, value) = form, blocked
    Block.objects.create(kind=kind, value=value)
    Block.objects.create(kind="address", value="other.example")

    page = client.post(path, typed, follow=True)
    work()

    act = model.objects.get()
    # A follow has no words, and of a signature only the name waits for one.
    waits = kind != "word" or model is Letter
    assert (act.is_held, act.held_for) == (waits, kind if waits else "")
    assert "Now check your email" in page.text
    assert len(mailbox.messages) == (not waits)


def test_so_does_who_changes_to_a_blocked_address_afterwards(
    client, form, mailbox, work
):
    path, model, typed = form
    Block.objects.create(kind="address", value="spam.example")
    client.post(path, typed)
    inbox = model.objects.get().inbox_url

    page = client.post(f"{inbox}mail/", {"email": "ada@spam.example"}, follow=True)
    work()

    act = model.objects.get()
    assert (act.is_held, act.held_for) == (True, "address")
    assert "We are sending a new email to <strong>ada@spam.example" in page.text
    assert mailbox.messages == []


def test_a_browser_that_is_known_takes_nobody_past_it(client, form, mailbox, work):
    path, model, typed = form
    client.post(path, typed)
    prove(client, model.objects.get())
    Block.objects.create(kind="address", value=ADA["email"])

    client.post(path, {**typed, "subject": "Once more"})

    act = model.objects.latest("pk")
    assert (act.held_for, act.confirmed_at) == ("address", None)


def test_what_came_along_opens_nothing_that_is_held(client, mailbox, work):
    make_petition()
    Block.objects.create(kind="address", value=ADA["email"])
    client.post(
        "/campaign-1/signatures/", {**ADA, "shown_as": "no", "hears_outcome": "on"}
    )
    held = Signature.objects.get()
    page = f"/follows/{held.confirmation.page_token}/"

    answers = [client.get(page), client.post(f"{page}mail/", EMAIL)]
    answers += [client.post(f"{page}code/", {"code": "123456"})]
    answers += [client.post(f"{page}mail/", {"email": "eve@mail.example"})]
    answers += [client.post(f"/follows/{held.confirmation.link_key}/confirmation/")]
    work()

    assert Follow.objects.get().confirmation == held.confirmation
    assert {answer.status_code for answer in answers} == {404}
    assert mailbox.messages == []


def test_a_flood_takes_nobody_past_it_who_has_confirmed_before(
    client, form, mailbox, work, settings
):
    settings.LIMIT_ACTS_BEFORE_HELD = 1
    path, model, typed = form
    Supporter.objects.create(email=ADA["email"], confirmed_at=timezone.now())
    client.post(path, typed)
    Block.objects.create(kind="address", value=ADA["email"])
    Block.objects.create(kind="word", value="cheap pills")

    client.post(path, {**typed, "subject": "Once more"})
    inbox = model.objects.latest("pk").inbox_url
    Block.objects.all().delete()
    client.post(f"{inbox}mail/", {"email": "bo@mail.example"})
    Supporter.objects.update(confirmed_at=timezone.now())
    work()

    assert model.objects.held().count() == 1
    assert model.objects.latest("pk").held_for == "address"
    assert {mail["To"] for mail in mailbox.messages} <= {ADA["email"]}


def test_nor_past_a_word(client, mailbox, work, settings):
    settings.LIMIT_ACTS_BEFORE_HELD = 1
    make_letter(make_petition().campaign)
    Supporter.objects.create(email=ADA["email"], confirmed_at=timezone.now())
    Block.objects.create(kind="word", value="cheap pills")

    for _time in range(2):
        client.post("/campaign-1/letter/", LETTER)
    work()

    assert [letter.held_for for letter in Letter.objects.all()] == ["word", "word"]
    assert mailbox.messages == []


def test_an_empty_list_holds_nobody(client, form):
    path, model, typed = form

    client.post(path, typed)

    assert not model.objects.get().is_held


def test_who_was_blocked_and_erased_twice_is_erased():
    for _time in range(2):
        Block.objects.add_address("ada@mail.example", by=None)
        Supporter.objects.with_address("ada@mail.example").erase()

    [block] = Block.objects.all()
    assert "@" not in block.value
    found = examine_again(email="ada@mail.example", networks=None)
    assert found.blocks == ((block.kind, block.value),)


def test_staff_read_what_each_entry_is_and_does(client):
    client.force_login(make_staff("cy", "Moderators"))
    Block.objects.create(kind="word", value="casino")
    Block.objects.create(kind="address", value="spam@mail.example")
    Block.objects.create(kind="address", value="a" * 32)
    Block.objects.create(kind="network", value="b" * 32)
    Block.objects.create(kind="allowed address", value="school.example")

    page = client.get("/admin/safeguards/block/").text

    for words in (
        "Word: casino",
        "Address: spam@mail.example",
        "Address of somebody who was erased",
        "Network: bbbbbbbb (scrambled)",
        "Domain: school.example",
        "What comes from it need not wait because there is a lot.",
        "What comes from there waits for a person.",
    ):
        assert words in page
    assert f">{'b' * 32}<" not in page
