import re
from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.mailed_keys import TRIES_A_CODE
from petitions.models import Signature
from supporters.models import Confirmation
from tests.factories import ADA, make_petition, sign

pytestmark = pytest.mark.django_db
FORM = {**ADA, "shown_as": "full"}


@pytest.fixture
def asked(client, mailbox, work):
    """Ada has signed and has our mail; her inbox page's path."""
    make_petition()
    response = client.post("/campaign-1/signatures/", FORM)
    work()
    return response.url


def test_a_supporter_confirms_by_the_code_in_the_tab_that_is_still_open(
    client, mailbox, asked
):
    response = client.post(f"{asked}code/", {"code": mailbox.code()}, follow=True)

    assert "Thank you, <bdi>Ada Lovelace</bdi>." in response.text
    # The page behind the link shows it before; here it is the first to do so.
    shown = "You are shown as <b><bdi>Ada Lovelace</bdi>, United Kingdom</b>."
    assert shown in response.text
    assert Signature.objects.get().counted


def test_who_is_not_shown_reads_that_after_confirming(client, mailbox, work):
    make_petition()
    inbox = client.post("/campaign-1/signatures/", ADA).url
    work()

    page = client.post(f"{inbox}code/", {"code": mailbox.code()}, follow=True)

    assert "Your name is not shown, only counted." in page.text


@pytest.mark.parametrize("typed", [" {} ", "{0:.3} {0:>.6}", "Code: {}"])
def test_a_code_may_be_typed_with_spaces_and_words(client, mailbox, asked, typed):
    code = mailbox.code()
    typed = f"{code[:3]} {code[3:]}" if "0:" in typed else typed.format(code)

    client.post(f"{asked}code/", {"code": typed})

    assert Signature.objects.get().counted


def test_full_width_digits_are_the_same_code(client, mailbox, asked):
    wide = "".join(chr(ord(c) - ord("0") + 0xFF10) for c in mailbox.code())

    client.post(f"{asked}code/", {"code": wide})

    assert Signature.objects.get().counted


def test_a_wrong_code_says_so_and_five_end_the_tries(client, mailbox, asked):
    wrong = f"{(int(mailbox.code()) + 1) % 1_000_000:06d}"

    pages = [client.post(f"{asked}code/", {"code": wrong}) for _ in range(TRIES_A_CODE)]
    late = client.post(f"{asked}code/", {"code": mailbox.code()})

    assert {page.status_code for page in pages} == {422}
    assert "This is not the code from the newest email." in pages[0].text
    assert "You have tried too many codes." in pages[-1].text
    assert "You have tried too many codes." in late.text
    assert not Signature.objects.get().counted


def test_a_new_mail_brings_a_new_code_and_new_tries(client, mailbox, work, asked):
    first = mailbox.code()
    for _ in range(TRIES_A_CODE):
        client.post(f"{asked}code/", {"code": "000000"})

    client.post(f"{asked}mail/", {"email": ADA["email"]})
    work()

    assert mailbox.code() != first
    client.post(f"{asked}code/", {"code": mailbox.code()})
    assert Signature.objects.get().counted


def test_an_address_has_twenty_tries_a_day_over_all_its_acts(
    client, mailbox, work, settings
):
    settings.LIMIT_CODE_TRIES_A_DAY = 2
    petition = make_petition()
    first, second = sign(petition), sign(petition)
    work()
    for _ in range(2):
        client.post(f"{first.inbox_url}code/", {"code": "000000"})

    page = client.post(f"{second.inbox_url}code/", {"code": mailbox.code()})

    assert "You have tried too many codes." in page.text
    assert not Signature.objects.counted().exists()


def test_opening_every_mailed_link_changes_nothing(client, mailbox, asked):
    before = list(Signature.objects.values()), list(Confirmation.objects.values())

    paths = re.findall(r"https?://[^/\s]+(/\S+)", mailbox.text())
    assert len(paths) == 4
    for path in paths:
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
        assert client.options(path).status_code in (200, 405)

    assert before == (
        list(Signature.objects.values()),
        list(Confirmation.objects.values()),
    )


def test_nothing_on_the_way_of_signing_opens_the_confirmation(client, mailbox, work):
    """Whoever types somebody else's address must not be able to confirm it."""
    make_petition()
    signed = client.post("/campaign-1/signatures/", FORM)
    inbox = client.get(signed.url)
    again = client.post(f"{signed.url}mail/", {"email": ADA["email"]})
    wrong = client.post(f"{signed.url}code/", {"code": "000000"})
    work()

    seen = " ".join(
        f"{response.text} {response.headers} {response.cookies}"
        for response in (signed, inbox, again, wrong)
    )
    mailed = mailbox.path_to("confirmation").split("/")[-3]
    key = mailbox.path_to("withdrawal").split("/")[-3]
    assert mailed not in seen
    assert mailed.split(".")[1] not in seen
    assert key not in seen
    assert mailbox.code() not in seen

    for token in set(re.findall(r"[\w.-]{20,}", seen)):
        for page in ("confirmation", "withdrawal"):
            client.post(f"/campaign-1/signatures/{token}/{page}/")
    assert not Signature.objects.counted().exists()
    assert not Signature.objects.exclude(withdrawn_at=None).exists()


def test_a_used_link_says_that_the_name_counts_and_counts_once(client, mailbox, asked):
    link = mailbox.path_to("confirmation")
    client.post(link)

    opened, pressed = client.get(link), client.post(link)

    assert opened.status_code == pressed.status_code == 200
    assert "<h1>Your name counts</h1>" in opened.text
    assert Signature.objects.get().petition.standing.count == 1


def test_a_link_expires_after_seven_days_and_says_how_to_sign_again(
    client, mailbox, asked, time_machine
):
    link = mailbox.path_to("confirmation")
    time_machine.move_to(timezone.now() + timedelta(days=7, seconds=1))

    page = client.post(link)
    tab = client.get(asked)

    assert (page.status_code, tab.status_code) == (410, 410)
    assert "It is older than 7 days." in page.text
    # The links to other languages are those of each page.
    main = page.text[page.text.index("<main") :]
    assert tab.text[tab.text.index("<main") :] == main
    assert 'href="/campaign-1/signatures/"' in main
    assert not Signature.objects.get().counted


def test_a_new_address_gets_the_mail_and_the_old_mail_opens_nothing(
    client, mailbox, work, asked
):
    old_link, old_code = mailbox.path_to("confirmation"), mailbox.code()

    page = client.post(f"{asked}mail/", {"email": "Ada@New.example "}, follow=True)
    work()

    assert "ada@new.example" in page.text
    assert mailbox.last()["To"] == "ada@new.example"
    for old in (client.get(old_link), client.post(old_link)):
        assert old.status_code == 410
        assert "This link no longer works" in old.text
        assert "new.example" not in old.text
    new = page.redirect_chain[-1][0].partition("?")[0]
    for inbox in (asked, new):
        client.post(f"{inbox}code/", {"code": old_code})
    assert not Signature.objects.counted().exists()
    client.post(mailbox.path_to("confirmation"))
    assert Signature.objects.counted().get().confirmation.email == "ada@new.example"


def test_who_confirms_by_two_browsers_at_once_is_confirmed_once():
    signature = sign(make_petition())
    mine = Signature.objects.filter(pk=signature.pk)
    late = mine.get()
    signature.confirm()
    before = mine.values().get()

    late.confirm()

    assert mine.values().get() == before
    assert late.counted
    assert late.share_code == signature.share_code
    assert signature.petition.standing.count == 1


def test_the_old_mail_cannot_take_back_what_the_new_address_confirms(
    client, mailbox, work, asked
):
    old_link = mailbox.path_to("withdrawal")
    client.post(f"{asked}mail/", {"email": "ada@new.example"})
    work()
    client.post(mailbox.path_to("confirmation"))

    page = client.post(old_link)

    assert page.status_code == 410
    assert ADA["name"] not in page.text
    assert Signature.objects.get().counted
    client.post(mailbox.path_to("withdrawal"))
    assert not Signature.objects.get().counted


def test_a_repeated_mail_leaves_the_links_of_the_first_as_they_were(
    client, mailbox, work, asked
):
    confirm, withdraw = (
        mailbox.path_to(page) for page in ("confirmation", "withdrawal")
    )
    client.post(f"{asked}mail/", {"email": ADA["email"]})
    work()

    assert client.post(confirm).status_code == 302
    assert client.post(withdraw).status_code == 200
    assert Signature.objects.get().withdrawn_at


def test_a_refused_new_address_keeps_what_was_typed(client, asked):
    page = client.post(f"{asked}mail/", {"email": "ada@new"})

    assert page.status_code == 422
    assert 'value="ada@new"' in page.text
    assert "Enter a full email address" in page.text


def test_whoever_signed_in_time_may_confirm_after_the_end(mailbox):
    petition = make_petition()
    signature = sign(petition)
    petition.campaign.closes_at = timezone.now() - timedelta(hours=23)
    petition.campaign.save()

    signature.confirm()

    assert petition.standing.count == 1


def test_the_own_device_box_keeps_the_cookie_for_thirty_days(client, mailbox, asked):
    response = client.post(mailbox.path_to("confirmation"), {"own_device": "on"})

    cookie = response.cookies["supporter"]
    assert cookie["max-age"] == 30 * 86400
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_without_the_box_the_cookie_ends_with_the_browser(client, mailbox, asked):
    response = client.post(mailbox.path_to("confirmation"))

    assert response.cookies["supporter"]["max-age"] == ""
