"""Everything that is one person's, behind one link, and what they can do with it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment
from letters.models import Letter
from petitions.models import Signature
from supporters.models import (
    Consent,
    Erasure,
    Follow,
    Mailing,
    MailToSupporter,
    Supporter,
    UpdateForFollower,
    Visit,
)
from tests.factories import (
    make_campaign,
    make_counted,
    make_follow,
    make_petition,
    make_update,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db
ADA = {"email": "ada@mail.example"}


def test_the_mail_leads_to_everything_that_is_mine(client, mailbox, work):
    campaign = make_campaign(title="The dogs of Bucheon")
    signature = sign(make_petition(campaign), consents=[("signature", "I ask.", "1")])
    signature.confirm()
    letter = confirmed()
    write_comment(campaign, "Please stop this.")
    sign(campaign.petition, name="Bo", email="bo@mail.example").confirm()

    page = client.get(enter(client, mailbox, work)).text

    for words in ("Ada Lovelace, London, United Kingdom", "Please help", "I ask."):
        assert f"{words}" in page.replace("<bdi>", "").replace("</bdi>", "")
    assert "Please stop this." in page
    assert letter.done_url in page
    assert "bo@mail.example" not in page


def test_the_page_says_when_there_is_nothing(client, mailbox, work):
    page = client.get(enter(client, mailbox, work, "nobody@mail.example")).text

    assert "We store only your address and the emails to you: no signature" in page


def test_every_address_gets_the_same_answer_and_statements(client, mailbox):
    petition = make_petition()
    sign(petition, email="signed@mail.example").confirm()
    sign(petition, email="pending@mail.example")
    write_comment(petition.campaign, email="wrote@mail.example")

    def ask(who):
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/mine/", {"email": f"{who}@mail.example"})
        assert response.status_code == 302
        sql = [
            re.split(r" VALUES| SELECT \* FROM UNNEST|POINT \"|'", query["sql"])[0]
            for query in queries
        ]
        page = client.get(response.url).text
        key = response.url.split("/")[2]
        return sql, page.replace(key, "KEY").replace(f"{who}@", "WHO@")

    ask("warm-up")
    new = ask("new")
    assert len(new[0]) > 3
    assert ask("signed") == ask("pending") == ask("wrote") == new


def test_opening_the_link_alone_opens_nothing(client, mailbox, work):
    asked = client.post("/mine/", ADA)
    work()

    page = client.get(mailbox.path_to("opening"))

    assert "Open your page?" in page.text
    assert "supporter" not in client.cookies
    assert Visit.objects.get().opened_at is None
    assert "Now check your email" in client.get(asked.url).text


def test_the_link_works_once(client, mailbox, work):
    enter(client, mailbox, work)
    path = mailbox.path_to("opening")

    again = Client(headers={"sec-fetch-site": "same-origin"}).post(path)

    assert again.status_code == 410
    assert "This page is closed" in again.text
    assert 'href="/mine/"' in again.text


def test_the_link_works_for_an_hour(client, mailbox, work, time_machine):
    client.post("/mine/", ADA)
    work()
    path = mailbox.path_to("opening")
    time_machine.move_to(timezone.now() + timedelta(minutes=61))

    assert client.post(path).status_code == 410


def test_the_code_opens_the_tab_that_is_still_open(client, mailbox, work):
    asked = client.post("/mine/", ADA)
    work()
    wrong = f"{(int(mailbox.code()) + 1) % 10**6:06d}"

    refused = client.post(f"{asked.url}code/", {"code": wrong})
    opened = client.post(f"{asked.url}code/", {"code": mailbox.code()})

    assert refused.status_code == 422
    assert "This is not the code" in refused.text
    assert opened.url == asked.url
    assert "Download, stop or erase" in client.get(asked.url).text


def test_a_code_is_tried_five_times(client, mailbox, work):
    asked = client.post("/mine/", ADA)
    work()
    for _ in range(5):
        client.post(f"{asked.url}code/", {"code": "000000"})

    page = client.post(f"{asked.url}code/", {"code": mailbox.code()})

    assert "You have tried too many codes" in page.text


def test_whoever_typed_the_address_sees_nothing_of_what_its_owner_opens(
    client, mailbox, work
):
    stranger = Client(headers={"sec-fetch-site": "same-origin"})
    asked = stranger.post("/mine/", ADA)
    work()
    client.post(mailbox.path_to("opening"))

    for path in ("", "export/", "export.json", "erasure/", "all/signatures/"):
        assert stranger.get(asked.url + path).status_code == 410
        assert client.get(asked.url + path).status_code in (200, 404)
    assert stranger.post(f"{asked.url}erasure/", {"sure": "yes"}).status_code == 410
    assert Supporter.objects.filter(**ADA).exists()


def test_nothing_in_the_answers_to_a_stranger_opens_the_page(client, mailbox, work):
    asked = client.post("/mine/", ADA)
    work()
    seen = asked.headers.get("Location") + client.get(asked.url).text
    key = mailbox.path_to("opening").split("/")[2]

    assert key not in seen
    assert mailbox.code() not in seen
    assert key not in str(list(Visit.objects.values_list()))


def test_a_browser_that_has_confirmed_needs_no_second_mail(client, mailbox, work):
    sign(make_petition())
    work()
    client.post(mailbox.path_to("confirmation"))
    mailbox.clear()

    asked = client.post("/mine/", ADA)
    other = client.post("/mine/", {"email": "bo@mail.example"})
    work()

    assert "Download, stop or erase" in client.get(asked.url).text
    assert "Now check your email" in client.get(other.url).text
    assert [mail["To"] for mail in mailbox.messages] == ["bo@mail.example"]


def test_the_page_is_never_cached_and_reads_no_other_site(client, mailbox, work):
    path = enter(client, mailbox, work)
    page = client.get(path)

    assert page["Cache-Control"] == "no-store"
    refused = Client(headers={"sec-fetch-site": "cross-site"})
    refused.cookies = client.cookies
    assert refused.post(f"{path}mails/").status_code == 403
    answer = client.get(f"{path}mails/")
    assert answer.status_code == 405
    assert int(answer.headers.get("Content-Length", 1)) > 0  # or browsers show nothing
    assert '<header class="site-header">' in answer.text


def test_a_browser_is_forgotten_with_every_other_one(client, mailbox, work):
    path = enter(client, mailbox, work)
    other = Client(headers={"sec-fetch-site": "same-origin"})
    other.cookies["supporter"] = client.cookies["supporter"].value

    page = client.post(f"{path}browsers/")

    assert "We have forgotten you on all devices" in page.text
    assert client.cookies["supporter"].value == ""
    assert other.get(path).status_code == 410
    asked = other.post("/mine/", ADA)
    assert "Now check your email" in other.get(asked.url).text


def test_everything_is_taken_along(client, mailbox, work):
    petition = make_petition(title="For the dogs")
    sign(petition, consents=[("signature", "I ask.", "1")]).confirm()
    confirmed()
    write_comment(petition.campaign, "Please stop this.")
    path = enter(client, mailbox, work)

    file = client.get(f"{path}export.json")
    page = client.get(f"{path}export/").text

    data = file.json()
    assert file["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert data["about you"]["email address"] == "ada@mail.example"
    [signature] = data["Your signatures"]
    assert signature["petition"] == petition.ask
    assert (signature["name"], signature["country"]) == (
        "Ada Lovelace",
        "United Kingdom",
    )
    assert re.match(r"\d{4}-\d\d-\d\dT", signature["signed"])
    assert data["Your comments"][0]["text"] == "Please stop this."
    assert len(data["Your letters"][0]["what happened to it"]) == 3
    assert data["What you agreed to"][0]["exact words"] == "I ask."
    for words in ("Please stop this.", "I ask.", "Ada Lovelace", "Ward 2"):
        assert words in page
    for title in ("Your signatures", "What you agreed to", "Visits to your page"):
        assert f"<h2>{title}</h2>" in page
    assert "All times are " in page
    assert "UTC" not in page


def test_everything_is_erased_after_two_questions(client, mailbox, work):
    petition = make_petition()
    make_counted(petition, 1, **ADA)
    path = enter(client, mailbox, work)

    first = client.get(f"{path}erasure/").text
    second = client.post(f"{path}erasure/").text
    assert Signature.objects.exists()
    done = client.post(f"{path}erasure/", {"sure": "yes"})

    assert "What stays" in first
    assert "for 365 days" in first
    assert "Erase everything for good?" in second
    assert "Everything is erased" in done.text
    assert "What stays" in done.text
    assert "for 365 days" in done.text
    assert "They can still show your name" in done.text
    assert not Supporter.objects.exists()
    assert Erasure.objects.count() == 1
    assert client.cookies["supporter"].value == ""
    assert client.get(path).status_code == 410


def test_erasing_pressed_twice_or_loaded_again_says_that_it_is_done(
    client, mailbox, work
):
    make_counted(make_petition(), 1, **ADA)
    path = enter(client, mailbox, work)
    page = f"{path}erasure/"
    stranger = Client(headers={"sec-fetch-site": "same-origin"})

    first = client.post(page, {"sure": "yes"})
    answers = [
        client.post(page, {"sure": "yes"}),
        client.get(page),
        stranger.post(page, {"sure": "yes"}),
    ]

    for answer in answers:
        assert (answer.status_code, answer.content) == (200, first.content)
        assert answer.headers["Cache-Control"] == "no-store"
    assert Erasure.objects.count() == 1
    assert client.get(f"{path}export/").status_code == 410


def test_two_presses_at_once_are_answered_alike(client, mailbox, work):
    make_counted(make_petition(), 1, **ADA)
    path = enter(client, mailbox, work)
    visit = Visit.objects.select_related("supporter").get()

    client.post(f"{path}erasure/", {"sure": "yes"})
    visit.supporter.erase(visit)  # what the second has found before the first ended

    assert Erasure.objects.count() == 1


def test_my_page_costs_the_same_with_one_and_with_a_thousand_acts(
    client, mailbox, work, settings
):
    settings.LIMIT_MAILS_TO_ADDRESS = 9
    petition = make_petition()
    signature = sign(petition, consents=[("signature", "I ask.", "1")])
    letter, comment = confirmed(), write_comment(petition.campaign)
    follow = make_follow(petition.campaign)
    Mailing.objects.send(make_update(petition.campaign), by=None)
    work()
    path = enter(client, mailbox, work)
    settings.MY_PAGE_ROWS = 10

    def queries(page=""):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path + page).status_code == 200
        return len(captured)

    kinds = (
        Signature,
        Comment,
        Letter,
        Consent,
        Follow,
        MailToSupporter,
        UpdateForFollower,
    )
    pages = ("", *(f"all/{kind.personal_data.section.name}/" for kind in kinds))
    before = [queries(page) for page in pages]
    assert min(before) > 3
    for act in (signature, letter, comment, MailToSupporter.objects.first()):
        _multiply(act)
    _multiply(follow, stopped_at=timezone.now(), stopped_for="asked")
    row = UpdateForFollower.objects.get()
    for number in range(20):
        row.pk, row.mailing = None, _mailing(petition.campaign, number)
        row.save(force_insert=True)
    multiplied = Consent.objects.earliest("pk")
    Consent.objects.bulk_create(
        Consent(confirmation=multiplied.confirmation, kind="signature", words=f"N{n}")
        for n in range(999)
    )

    after = [queries(page) for page in pages]

    page = client.get(path).text
    assert Signature.objects.count() == Letter.objects.count() == 1000
    assert Follow.objects.count() == 1000 < MailToSupporter.objects.count()
    assert page.count("N9") >= 10
    assert 'See all<span class="visually-hidden"> (Your signatures)' in page
    assert "Page 2 of 100" in client.get(f"{path}all/comments/?page=2").text
    # One for each kind of mail that is shown, and fewer are shown now.
    assert all(late <= early for late, early in zip(after, before, strict=True))


def _mailing(campaign, number):
    return Mailing.objects.create(update=make_update(campaign, f"Update {number}"))


def _multiply(act, **differs):
    """999 more of it, which differ in what has to be unique only."""
    keys = {"id", "key", "withdrawal_key", "receipt_key", "mail_key", "shows_name"}
    names = {f.attname: getattr(act, f.attname) for f in act._meta.concrete_fields}
    kept = {name: value for name, value in names.items() if name not in keys}
    kept |= differs
    type(act).objects.bulk_create(type(act)(**kept) for _ in range(999))
