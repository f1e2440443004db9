import pytest

from petitions.models import Signature
from supporters.models import Consent, Follow
from tests.factories import ADA, make_counted, make_petition, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(mailbox, work):
    """The way out, from the mail of a signature that counts."""
    signature = sign(make_petition())
    work()
    signature.confirm()
    return mailbox.path_to("withdrawal")


def test_a_signer_takes_the_name_back_by_the_link_in_the_mail(client, link):
    asked = client.get(link)

    done = client.post(link)

    assert "Ada Lovelace" in asked.text
    assert "Yes, remove my name" in asked.text
    assert "Your signature no longer counts" in asked.text
    assert "after 7 days" in asked.text
    assert "This does not change your letters, your comments" in asked.text
    assert "Your name is off the petition" in done.text
    assert not Signature.objects.counted().exists()
    assert "Ada" not in client.get("/campaign-1/").text


def test_what_was_agreed_to_with_it_is_taken_back_with_it(client, mailbox, work):
    make_petition()
    client.post("/campaign-1/signatures/", {**ADA, "shown_as": "full"})
    work()
    client.post(mailbox.path_to("confirmation"))
    kinds = ["shown name", "signature"]
    given = Consent.objects.standing().order_by("kind")
    assert [consent.kind for consent in given] == kinds

    client.post(mailbox.path_to("withdrawal"))

    assert not given.all().exists()


def test_nobody_confirms_what_was_taken_back_before(client, mailbox, work):
    signature = sign(make_petition(), hears_outcome=True)
    work()
    client.post(mailbox.path_to("withdrawal"))

    signature.refresh_from_db()
    signature.confirm()

    assert not Signature.objects.confirmed().exists()
    assert not Follow.objects.active().exists()


def test_taking_it_back_again_says_the_same(client, link):
    client.post(link)

    again, opened = client.post(link), client.get(link)

    assert "Your name is off the petition" in again.text
    assert "Your name is off the petition" in opened.text


def test_the_link_works_for_years(client, link, time_machine, settings):
    settings.SECRET_KEY = "rotated-meanwhile"
    time_machine.move_to("2030-01-01T00:00:00Z")

    assert "Your name is off the petition" in client.post(link).text


def test_a_link_without_a_name_behind_it_says_so(client, link):
    page = client.get(link.replace("/signatures/", "/signatures/x"))

    assert page.status_code == 410
    assert "There is nothing to remove" in page.text


def test_whoever_took_the_name_back_first_is_never_told_that_it_counts(
    client, mailbox, work
):
    signature = sign(make_petition())
    work()
    code = mailbox.code()
    client.post(mailbox.path_to("withdrawal"))

    by_code = client.post(f"{signature.inbox_url}code/", {"code": code}, follow=True)
    client.post(f"{signature.inbox_url}mail/", {"email": "ada@mail.example"})
    work()

    assert "Your name is off the petition" in by_code.text
    assert mailbox.last()["Subject"] == "Your name is off the petition"
    assert not Signature.objects.counted().exists()


def test_the_thanks_are_for_those_who_have_signed(client):
    make_petition()

    page = client.get("/campaign-1/signatures/thanks/").text

    assert "You signed" not in page
    assert "Your name stands" not in page
    assert "I have not signed: sign now" in page


@pytest.mark.parametrize("confirms", [True, False])
def test_who_signed_twice_is_off_by_either_link(client, confirms):
    petition = make_petition()
    [first] = make_counted(petition, email="ada@mail.example", name="Ada Lovelace")
    again = sign(petition, email="ada@mail.example", name="ada  LOVELACE")
    [other] = make_counted(petition, email="bo@mail.example", name="Ada Lovelace")
    if confirms:
        again.confirm()

    page = client.post(f"/campaign-1/signatures/{again.withdrawal_key}/withdrawal/")

    assert "Your name is off the petition" in page.text
    assert petition.standing.count == 1
    assert list(petition.signatures.counted()) == [other]
    first.refresh_from_db()
    assert first.withdrawn_at is not None


def test_another_person_at_the_same_mailbox_stays():
    petition = make_petition()
    [ada] = make_counted(petition, email="home@mail.example", name="Ada Lovelace")
    [bo] = make_counted(petition, email="home@mail.example", name="Bo Diddley")

    ada.withdraw()

    assert list(petition.signatures.counted()) == [bo]


def test_the_third_of_a_mailbox_is_not_thanked_by_the_name_of_the_second(client):
    petition = make_petition()
    for name in ("Ada Lovelace", "Bo Diddley"):
        make_counted(petition, email="home@mail.example", name=name)
    third = sign(petition, email="home@mail.example", name="Cy Young")

    path = f"/campaign-1/signatures/{third.confirmation.link_key}/confirmation/"
    page = client.post(path, follow=True).text

    assert "2 people have already signed with this mailbox" in page
    assert "Bo Diddley" not in page
    assert petition.standing.count == 2
