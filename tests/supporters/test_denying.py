""" "This was not me": what nobody has confirmed is discarded, and nobody asks again for
a day. Who typed the address learns nothing of it, and its owner can undo it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from comments.models import Comment
from petitions.models import Signature
from supporters.models import Confirmation, Follow, RetentionRun, Supporter
from tests.answers import new_browser, subject
from tests.factories import (
    follow,
    make_campaign,
    make_counted,
    make_petition,
    make_staff,
    prove,
    sign,
    write_comment,
)
from tests.letters.makers import write
from tests.petitions.test_signing import FORM
from tests.supporters.test_links_of_questions import KINDS

pytestmark = pytest.mark.django_db
ADA = "ada@mail.example"
SIGN = "/campaign-1/signatures/"


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def asked(kind, mailbox, work):
    """An act of this kind, whose owner was asked."""
    make_petition()
    act = KINDS[kind]()
    work()
    return act


@pytest.fixture
def denial(asked, mailbox):
    return mailbox.path_to("denial")


def yes_to(act):
    act = type(act).objects.get(pk=act.pk)
    return act.confirmation.used_at


def test_opening_the_page_changes_nothing_and_its_button_discards_the_act(
    client, asked, denial, mailbox
):
    link = mailbox.path_to("confirmation")
    before = list(Confirmation.objects.values())

    page = client.get(denial)
    client.head(denial)
    assert list(Confirmation.objects.values()) == before
    assert "<h1>Was this not you?</h1>" in page.text
    assert asked.campaign.full_title in page.text

    for _ in range(2):
        done = client.post(denial, follow=True)
        assert "<h1>Thank you for telling us</h1>" in done.text

    for answer in (client.get(link), client.post(link)):
        assert (answer.status_code, answer["Location"]) == (302, denial)
    assert not yes_to(asked)


def test_the_code_of_the_mail_confirms_nothing_either(client, asked, denial, mailbox):
    client.post(denial)

    answer = client.post(f"{asked.inbox_url}code/", {"code": mailbox.code()})

    assert answer.status_code == 410
    assert not yes_to(asked)


def test_nobody_is_asked_again_for_a_day(  # noqa: PLR0917
    kind, client, asked, denial, mailbox, work, time_machine
):
    client.post(denial)
    mailbox.clear()
    start = timezone.now()

    for hours in (0, 12, 23):
        time_machine.move_to(start + timedelta(hours=hours))
        KINDS[kind](name="Bo") if kind != "follow" else KINDS[kind]()
        client.post(f"{asked.inbox_url}mail/", {"email": ADA})
        work()
    assert mailbox.messages == []

    time_machine.move_to(start + timedelta(hours=25))
    KINDS[kind]()
    work()
    assert [mail["To"] for mail in mailbox.messages] == [ADA]


def test_other_kinds_campaigns_and_people_are_asked(mailbox, work, client):
    petition = make_petition()
    sign(petition)
    work()
    client.post(mailbox.path_to("denial"))
    mailbox.clear()

    follow(petition.campaign)
    sign(make_petition())
    sign(petition, email="bo@mail.example")
    work()

    assert sorted(subject(mail) for mail in mailbox.messages) == [
        "Confirm your signature",
        "Confirm your signature",
        "Do you want our updates?",
    ]


def test_it_holds_for_each_spelling_of_the_mailbox(mailbox, work, client):
    petition = make_petition()
    sign(petition, email="ada.l@gmail.com")
    work()
    client.post(mailbox.path_to("denial"))
    mailbox.clear()

    sign(petition, email="adal+x@gmail.com", city="Bath")
    work()

    assert mailbox.messages == []


def test_nobody_is_reminded_of_what_is_discarded(mailbox, work, client, time_machine):
    sign(make_petition())
    work()
    client.post(mailbox.path_to("denial"))
    mailbox.clear()

    for days in (1, 2, 5):
        time_machine.move_to(timezone.now() + timedelta(days=days, hours=2))
        work()

    assert mailbox.messages == []


def test_the_page_of_whoever_typed_the_address_stays_as_it_was(  # noqa: PLR0917
    kind, client, asked, denial, mailbox, work
):
    other = KINDS[kind](email="bo@mail.example")
    work()
    stranger = new_browser()

    def seen(act):
        """All that the page does, with a mail asked for, and five wrong codes."""
        act = type(act).objects.get(pk=act.pk)
        code = "000000" if act.confirmation.code != "000000" else "111111"
        answers = [stranger.get(act.inbox_url)]
        answers += [
            stranger.post(f"{act.inbox_url}code/", {"code": code}) for _ in range(6)
        ]
        mail = {"email": act.confirmation.email}
        answers.append(stranger.post(f"{act.inbox_url}mail/", mail, follow=True))
        work()
        answers.append(stranger.post(f"{act.inbox_url}code/", {"code": code}))
        answers.append(stranger.get(act.inbox_url))
        for own in (act.confirmation.page_token, act.confirmation.email):
            answers = [
                getattr(answer, "text", answer).replace(own, "OWN")
                for answer in answers
            ]
        return answers

    if kind == "comment":  # as if a moderator had hidden it
        client.post(denial)
        other.moderated_by(make_staff("cy")).hide("other")
    else:
        client.post(denial)

    denied, usual = seen(asked), seen(other)
    assert denied == usual


@pytest.mark.parametrize("state", ["first", "denied"])
def test_the_page_of_a_later_post_is_as_for_everybody(mailbox, work, client, state):
    petition = make_petition()
    if state == "denied":
        sign(petition)
        work()
        client.post(mailbox.path_to("denial"))
    later = new_browser().post(SIGN, {**FORM, "name": "Bo"})["Location"]
    work()

    page = new_browser().get(later)

    assert "Now check your email" in page.text
    assert "we do not use it" not in page.text
    assert re.findall(r"This was not me", page.text) == ["This was not me"]


def test_undone_on_the_page_it_is_confirmed_by_the_same_link(
    client, asked, denial, mailbox
):
    link = mailbox.path_to("confirmation")
    client.post(denial)

    page = client.post(denial, {"undo": ""}, follow=True)
    assert page.redirect_chain[-1][0] == denial
    assert "If it was you, press the button in our email." in page.text
    client.post(link)

    assert yes_to(asked)


def test_undoing_it_asks_about_what_was_posted_meanwhile(  # noqa: PLR0917
    kind, client, asked, denial, mailbox, work
):
    client.post(denial)
    own = {"frequency": "weekly"} if kind == "follow" else {"name": "Ada Byron"}
    later = KINDS[kind](**own)
    KINDS[kind](email="bo@mail.example")
    work()
    mailbox.clear()

    client.post(denial, {"undo": ""})
    work()

    assert [mail["To"] for mail in mailbox.messages] == [ADA]
    client.post(mailbox.path_to("confirmation"))
    assert yes_to(later)


def test_undoing_what_is_not_discarded_asks_nobody(
    client, asked, denial, mailbox, work
):
    before = len(mailbox.messages)

    answers = [client.post(denial, {"undo": ""}).url for _ in range(2)]
    work()

    assert answers == [denial] * 2
    assert len(mailbox.messages) == before


def test_its_owner_undoes_it_on_my_page(client, asked, denial, mailbox):
    new_browser().post(denial)
    Supporter.objects.update(confirmed_at=timezone.now())
    prove(client, asked)
    mine = client.post("/mine/", {"email": ADA}, follow=True)
    assert "What you told us was not you" in mine.text
    [undo] = re.findall(r'action="(/mine/\S+/denials/\d+/)"', mine.text)

    assert new_browser().post(undo).status_code == 410
    assert Confirmation.objects.exclude(denied_at=None).exists()
    done = client.post(undo, follow=True)

    assert "Undone." in done.text
    assert "What you told us was not you" not in done.text
    client.post(mailbox.path_to("confirmation"))
    assert yes_to(asked)


def test_nobody_undoes_it_on_the_page_of_another(client, asked, denial):
    client.post(denial)
    prove(client, sign(make_petition(), email="eve@mail.example"))
    mine = client.post("/mine/", {"email": "eve@mail.example"}, follow=True)
    path = mine.redirect_chain[-1][0]

    answer = client.post(f"{path}denials/{asked.confirmation_id}/")

    assert answer.status_code == 404
    assert Confirmation.objects.exclude(denied_at=None).exists()


def test_what_is_confirmed_cannot_be_discarded(client, asked, denial, mailbox):
    client.post(mailbox.path_to("confirmation"))

    page = client.post(denial, follow=True)

    assert "<h1>You have confirmed this already</h1>" in page.text
    assert yes_to(asked)
    assert not Confirmation.objects.exclude(denied_at=None).exists()


def test_what_said_the_same_goes_with_it(client, mailbox, work):
    petition = make_petition()
    signatures = [sign(petition) for _ in range(3)]
    work()
    code, denial = mailbox.code(), mailbox.path_to("denial")

    client.post(denial)

    for signature in signatures:
        client.post(f"{signature.inbox_url}code/", {"code": code})
    assert not Signature.objects.confirmed().exists()
    client.post(denial, {"undo": ""})
    client.post(f"{signatures[2].inbox_url}code/", {"code": code})
    assert Signature.objects.counted().get() == signatures[2]


def test_who_signed_before_keeps_the_signature(client, mailbox, work):
    petition = make_petition()
    [counted] = make_counted(petition, email=ADA)
    sign(petition, email=ADA, city="Bath")
    work()
    assert mailbox.last()["Subject"] == "You have signed already"

    client.post(mailbox.path_to("denial"))

    assert Signature.objects.counted().get() == counted
    assert petition.standing.count == 1


def test_posting_it_again_with_another_address_ends_no_silence(client, mailbox, work):
    petition = make_petition()
    signature = sign(petition)
    work()
    client.post(mailbox.path_to("denial"))
    new_browser().post(f"{signature.inbox_url}mail/", {"email": "eve@mail.example"})
    work()
    mailbox.clear()

    sign(petition, city="Bath")
    work()

    assert mailbox.messages == []


def test_a_denied_comment_leaves_the_page_and_comes_back(client, mailbox, work):
    campaign = make_campaign()
    comment = write_comment(campaign, "Nonsense.", wants_news=True)
    work()
    denial = mailbox.path_to("denial")
    comment.moderated_by(make_staff("cy")).show()
    permalink = f"/campaign-1/comments/{comment.pk}/"
    assert client.get(permalink).status_code == 302

    client.post(denial)
    assert client.get(permalink).status_code == 404
    assert "Nonsense." not in new_browser().get("/campaign-1/comments/").text
    client.post(denial, {"undo": ""})

    assert client.get(permalink).status_code == 302
    assert campaign.comments.visible().get().text == "Nonsense."


def test_a_denied_comment_waits_on_no_desk_and_its_owner_is_told_nothing(
    client, mailbox, work
):
    comment = write_comment(make_campaign(), wants_news=True)
    work()
    denial = mailbox.path_to("denial")
    mailbox.clear()

    client.post(denial)
    work()

    assert not Comment.objects.queued().exists()
    assert mailbox.messages == []
    client.post(denial, {"undo": ""})
    assert Comment.objects.queued().get() == comment


def test_the_night_deletes_what_was_discarded(
    kind, asked, denial, client, time_machine
):
    client.post(denial)
    time_machine.move_to(timezone.now() + timedelta(days=8))

    RetentionRun.run()

    assert not Confirmation.objects.exists()
    assert client.get(denial).status_code == 410
    if kind == "comment":
        assert (Comment.objects.get().text, Comment.objects.get().name) == ("", "")
    else:
        assert not type(asked).objects.exists()


@pytest.mark.parametrize("token", ["x", "1-2-x.y", "%00", "1"])
def test_a_token_of_nobody_opens_nothing(client, token):
    for answer in (client.get, client.post):
        assert answer(f"/questions/{token}/denial/").status_code == 404


def test_its_key_is_that_of_the_question_and_no_other(client, asked, mailbox):
    for token in (asked.confirmation.page_token, mailbox.code()):
        assert client.post(f"/questions/{token}/denial/").status_code == 404
    assert not Confirmation.objects.exclude(denied_at=None).exists()


def test_every_question_has_the_way_to_deny_it(mailbox, work, asked):
    html = mailbox.last().get_body(("html",)).get_content()

    assert (
        "We will not email you about this again for at least one day" in mailbox.text()
    )
    assert html.count("/denial/") == mailbox.text().count("/denial/") == 1
    assert "This was not me" in html
    asked_on_site = new_browser().get(mailbox.path_to("confirmation")).text
    assert "Tell us that it was not you" in asked_on_site


def test_a_held_letter_and_an_offline_campaign_do_not_keep_its_owner_from_it(
    client, mailbox, work
):
    write()
    work()
    Campaign.objects.update(published_at=None, offline_at=timezone.now())

    page = client.post(mailbox.path_to("denial"), follow=True)

    assert "<h1>Thank you for telling us</h1>" in page.text
    assert not Follow.objects.exists()
