"""Floods, and the honest people in them: what each of them gets, and does not see."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from petitions.models import Signature
from safeguards.blocks import Block
from safeguards.mail_allowance import MailAllowance, MailLimitReached
from supporters.models import Follow, Supporter
from tests.factories import ADA, make_petition

SIGN = "/campaign-1/signatures/"
FOLLOW = {"email": ADA["email"], "frequency": "weekly"}
TESTED = MailAllowance("tested")


@pytest.fixture
def petition(db):
    return make_petition()


@pytest.mark.parametrize(
    "spelling", ["victim+{n}@gmail.com", "vic.tim+{n}@googlemail.com"]
)
def test_80_spellings_of_a_mailbox_get_three_mails_an_hour(
    client, petition, mailbox, work, spelling
):
    for n in range(80):
        typed = {"name": f"Ada {n}", "email": spelling.format(n=n)}
        client.post(SIGN, ADA | typed)

    work()

    assert len(mailbox.messages) == 3


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_three_mails(settings):
    start = Barrier(4)

    def send(_number):
        start.wait()
        try:
            with TESTED.one_for(ADA["email"]):
                return True
        except MailLimitReached:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        sent = list(workers.map(send, range(4)))

    assert sorted(sent) == [False, True, True, True]


@pytest.mark.django_db
def test_what_was_not_sent_is_given_back(settings):
    settings.LIMIT_MAILS_TO_ADDRESS = 1
    for _ in range(3):
        with pytest.raises(OSError), TESTED.one_for(ADA["email"]):
            raise OSError
        with TESTED.one_for(ADA["email"]) as unused:
            unused()

    with TESTED.one_for(ADA["email"]):
        pass

    with pytest.raises(MailLimitReached), TESTED.one_for(ADA["email"]):
        pass


def test_five_requests_to_follow_are_one_mail(client, petition, mailbox, work):
    for _ in range(5):
        client.post("/campaign-1/follows/", FOLLOW)

    work()

    assert len(mailbox.messages) == 1
    # Its code is good on the page that is still open, whichever that is.
    last = Follow.objects.latest("pk")
    client.post(f"{last.inbox_url}code/", {"code": mailbox.code()})
    assert Follow.objects.active().get() == last
    # And its button still answers, without a second follow.
    client.post(mailbox.path_to("confirmation"))
    assert Follow.objects.active().count() == 1


def test_the_code_of_a_tagged_address_speaks_for_no_other_tag_of_an_own_domain(
    client, petition, mailbox, work
):
    # Two people there, as for seats: office+a@ must not confirm for office+b@.
    for person in ("office+mine", "office+hers"):
        client.post(
            "/campaign-1/follows/", FOLLOW | {"email": f"{person}@town.example"}
        )
        work()
    mine, hers = mailbox.messages
    mailbox.messages = [mine]
    last = Follow.objects.latest("pk")

    page = client.post(f"{last.inbox_url}code/", {"code": mailbox.code()})

    assert hers["to"] == "office+hers@town.example"
    assert page.status_code == 422
    assert not page.cookies
    assert not Supporter.objects.exclude(confirmed_at=None).exists()


def test_sending_it_again_is_another_mail(client, petition, mailbox, work):
    client.post("/campaign-1/follows/", FOLLOW)
    work()
    [follow] = Follow.objects.all()

    client.post(f"{follow.inbox_url}mail/", {"email": ADA["email"]})
    work()

    assert len(mailbox.messages) == 2


def test_who_has_confirmed_before_is_asked_in_the_middle_of_a_flood(
    client, petition, settings, mailbox, work
):
    settings.LIMIT_ACTS_BEFORE_HELD = 0
    known = Supporter.objects.create(email="known@town.example")
    Supporter.objects.filter(pk=known.pk).update(confirmed_at=timezone.now())

    for name in ("known", "unknown"):
        client.post(SIGN, ADA | {"email": f"{name}@town.example"})
    work()

    assert [mail["to"] for mail in mailbox.messages] == ["known@town.example"]
    client.post(mailbox.path_to("confirmation"))
    assert petition.standing.count == 1


@pytest.mark.usefixtures("petition", "mailbox")
@pytest.mark.parametrize("reason", ["flood", "address", "honeypot"])
def test_pages_of_what_is_held_look_like_all_others(client, settings, work, reason):
    usual, held = "usual@mail.example", "held@bad.example"
    client.post(SIGN, ADA | {"email": usual})
    if reason == "flood":
        settings.LIMIT_ACTS_BEFORE_HELD = 0
    if reason == "address":
        Block.objects.create(kind="address", value="bad.example")
    trap = {"website": "x"} if reason == "honeypot" else {}
    client.post(SIGN, ADA | {"email": held} | trap)
    work()
    settings.LIMIT_ACTS_BEFORE_HELD = 600
    acts = Signature.objects.order_by("pk")

    def all_pages(act):
        """What somebody sees who tries everything on these pages."""
        inbox = act.inbox_url
        email = act.confirmation.email
        yield client.get(inbox)
        for _ in range(6):
            yield client.post(f"{inbox}code/", {"code": "000000"})
        yield client.post(f"{inbox}mail/", {"email": email})
        yield client.get(f"{inbox}?again=1")
        other = f"other.{email}"
        moved = client.post(f"{inbox}mail/", {"email": other})
        yield moved
        yield client.get(moved["Location"])
        yield client.get(inbox)

    pages = [
        [
            (
                page.status_code,
                # The token, and the address, are the visitor's own.
                re.sub(r"signatures/[^/\"]+/", "", page.text).replace(
                    act.confirmation.email.replace("other.", ""), "EMAIL"
                ),
            )
            for page in all_pages(act)
        ]
        for act in acts
    ]

    assert [act.held_for for act in acts] == ["", reason]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("is_allowed", [True, False])
def test_what_is_allowed_is_never_one_of_too_many(
    client, petition, settings, is_allowed
):
    settings.LIMIT_ACTS_BEFORE_HELD = 0
    if is_allowed:
        Block.objects.create(kind="allowed network", value="127.0.0.0/24")

    client.post(SIGN, ADA | {"email": "pupil@school.example"})

    assert Signature.objects.get().held_for == ("" if is_allowed else "flood")


def test_a_block_within_what_is_allowed_holds(client, petition):
    Block.objects.create(kind="allowed address", value="school.example")
    Block.objects.create(kind="address", value="bully@school.example")

    client.post(SIGN, ADA | {"email": "bully+1@school.example"})

    assert Signature.objects.get().held_for == "address"


def test_a_block_ends(client, petition, time_machine):
    now = timezone.now()
    Block.objects.create(kind="address", value="mail.example", ends_at=now)

    client.post(SIGN, ADA)

    assert Signature.objects.get().held_for == ""
