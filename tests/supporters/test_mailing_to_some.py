"""An update greets people by name, has a subject, and may go to some of them."""

import re
from email import message_from_bytes, policy

import pytest

from outbox.mail import POLICY
from outbox.models import OutgoingMail
from supporters.follow.audience import Segment
from supporters.follow.update_mail import update_mail
from supporters.models import Mailing, UpdateForFollower
from tests.factories import (
    make_follow,
    make_letter,
    make_petition,
    make_staff,
    make_update,
    sign,
)
from tests.letters.makers import confirmed

pytestmark = pytest.mark.django_db
ADA, BO, CY, DI = (f"{name}@mail.example" for name in ("ada", "bo", "cy", "di"))


@pytest.fixture(autouse=True)
def quick(settings):
    settings.MAILS_A_MINUTE = 10**6


@pytest.fixture
def petition():
    return make_petition()


@pytest.fixture
def post(work):
    """Mail an update, to everybody or to some; returns the mailing."""

    def post(update, only=Segment.EVERYBODY):
        OutgoingMail.objects.exclude(purpose="update").delete()
        mailing = Mailing.objects.send(update, by=None, only=only)
        work()
        return mailing

    return post


def parts_of(mail):
    return [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]


def test_who_has_given_a_name_is_greeted_by_its_first(petition, mailbox, post):
    for email, name in ((ADA, "Dr. Zoë Lovelace"), (BO, "김지우"), (CY, "")):
        make_follow(petition.campaign, email)
        if name:
            sign(petition, name=name, email=email).confirm()
    mailbox.clear()

    post(make_update(petition.campaign))

    greeted = {}
    for message in mailbox.messages:
        text, html = parts_of(message)
        greeted[message["To"]] = text.partition(",")[0] if "Hello" in text else ""
        assert ("Hello" in text) == (">Hello " in html)
    assert greeted == {ADA: "Hello Zoë", BO: "Hello 지우", CY: ""}


@pytest.mark.parametrize(
    "name", ["<b>", "a" * 40, "Ж" * 40, "=.&;", "Jean-Noël", "\u202e", "🦊🦊"]
)
def test_any_name_comes_whole_in_short_lines_and_is_no_markup(petition, name):
    follow = make_follow(petition.campaign, ADA)
    for title in ("x", "é" * 60):
        update = make_update(petition.campaign, title)

        written = update_mail(ADA, [update], [follow], "en", name)

        raw = written.message(policy=POLICY).as_bytes()
        text, html = parts_of(message_from_bytes(raw, policy=policy.default))
        assert f"Hello {name}," in text
        assert "<b>" not in html
        assert max(map(len, raw.split(b"\r\n"))) < 998


def test_a_very_long_name_greets_nobody(petition):
    follow = make_follow(petition.campaign, ADA)
    update = make_update(petition.campaign)

    assert "Hello" not in update_mail(ADA, [update], [follow], "en", "a" * 41).body


def test_names_cost_the_same_for_each_slice(
    petition, post, mailbox, django_assert_max_num_queries
):
    def cost(*emails):
        for email in emails:
            make_follow(petition.campaign, email)
            sign(petition, name="Zoë L", email=email).confirm()
        OutgoingMail.objects.all().delete()
        with django_assert_max_num_queries(500) as asked:
            post(make_update(petition.campaign, f"{len(emails)}"))
        return sum("DISTINCT ON" in query["sql"] for query in asked)

    assert cost(ADA) == cost(BO, CY, DI) == 2


@pytest.mark.parametrize("end", ["\r", "\r\n", "\x0b", "\u2028"])
def test_a_line_break_in_a_subject_makes_no_header(petition, mailbox, post, end):
    make_follow(petition.campaign, ADA)

    post(make_update(petition.campaign, f"Foxes{end}Bcc: eve@mail.example"))

    [message] = mailbox.messages
    assert message["Subject"].startswith("Foxes")
    assert message["Bcc"] is None


def test_the_subject_and_its_preview_are_apart_from_the_title(petition, mailbox, post):
    make_follow(petition.campaign, ADA)
    told = {"subject": "One letter is missing", "preheader": "It takes two minutes."}

    post(make_update(petition.campaign, "The Mayor answers", **told))

    text, html = parts_of(mailbox.last())
    assert mailbox.last()["Subject"] == "One letter is missing"
    assert "<title>One letter is missing</title>" in html
    assert re.search(r'class="preheader"[^>]*>It takes two minutes\.</div>', html)
    assert "The Mayor answers" in text


@pytest.fixture
def four(petition):
    """Followers: who has signed, who has signed and written, and two who have not."""
    suggested = make_letter(petition.campaign)
    for email in (ADA, BO, CY, DI):
        make_follow(petition.campaign, email)
    sign(petition, email=ADA).confirm()
    sign(petition, email=BO).confirm()
    confirmed(suggested, email=BO)
    confirmed(suggested, email=CY)
    sign(petition, email="eve@mail.example").confirm()  # follows nothing
    return suggested


def test_an_update_goes_to_those_who_have_signed_and_not_written(
    petition, four, mailbox, post
):
    mailing = post(make_update(petition.campaign), Segment.UNWRITTEN)

    told = [m["To"] for m in mailbox.messages if m["Subject"] == "The Mayor answers"]
    assert told == [ADA]
    mailing.refresh_from_db()
    assert mailing.followers == 1


def test_who_writes_before_it_leaves_is_not_asked_to(petition, four, mailbox, work):
    OutgoingMail.objects.all().delete()
    mailing = Mailing.objects.send(
        make_update(petition.campaign), by=None, only=Segment.UNWRITTEN
    )
    mailing.queue()
    confirmed(four, email=ADA)
    OutgoingMail.objects.exclude(purpose="update").delete()
    mailbox.clear()

    work()

    assert "update" not in {mail.purpose for mail in OutgoingMail.objects.open()}
    assert not [m for m in mailbox.messages if m["Subject"] == "The Mayor answers"]
    assert UpdateForFollower.objects.get().outcome == "stopped"


def test_staff_choose_those_who_have_signed_and_not_written(client, petition, four):
    update = make_update(petition.campaign)
    page = f"/admin/supporters/mailing/update/{update.pk}/"
    client.force_login(make_staff("bo", "Campaigners"))

    assert "Send to 1 who has signed and not written" in client.get(page).text
    client.post(f"{page}send/", {"only": "unwritten"})

    mailing = Mailing.objects.get()
    assert mailing.only == "unwritten"
    page = client.get(f"/admin/supporters/mailing/{mailing.pk}/change/").text
    assert "followers who have signed and not written" in page


def test_nobody_else_is_chosen(client, petition, four):
    update = make_update(petition.campaign)
    page = f"/admin/supporters/mailing/update/{update.pk}/"
    client.force_login(make_staff("bo", "Campaigners"))
    assert client.post(f"{page}send/", {"only": "all"}).status_code == 400
    assert not Mailing.objects.exists()
