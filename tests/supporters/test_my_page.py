"""Everything that is one person's, behind one link, and what they can do with it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, CommentSubscription
from database.personal_data import declared_of_supporters
from letters.models import Letter
from outbox import reports, samples
from outbox.models import Outcome
from outbox.purposes import all_purposes
from petitions.models import NameDecision, Signature
from supporters.acts.act import Act
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
from tests.answers import subject, without_code
from tests.factories import (
    make_campaign,
    make_comment,
    make_counted,
    make_follow,
    make_petition,
    make_staff,
    make_update,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed, settle, write

pytestmark = pytest.mark.django_db
ADA = {"email": "ada@mail.example"}


def enter(client, mailbox, work, email="ada@mail.example"):
    """Ask for my page, open it from the mail; returns its path."""
    asked = client.post("/mine/", {"email": email})
    work()
    opened = client.post(mailbox.path_to("opening"))
    assert opened.url == asked.url
    return asked.url


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

    assert (
        "We store nothing else about you: no signature, no letter, no comment." in page
    )


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


def test_a_signature_is_put_right(client, mailbox, work):
    petition = make_petition()
    signature = sign(petition, country="GB")
    signature.confirm()
    path = enter(client, mailbox, work)
    form = client.get(f"{path}signatures/{signature.pk}/").text
    assert 'value="Ada Lovelace"' in form
    assert '<option value="GB" selected>' in form

    changed = client.post(
        f"{path}signatures/{signature.pk}/",
        {
            **{"name": "Ada King", "city": "Porto", "country": "PT"},
            **{"shown_as": "first", "shown_name": "Ada"},
        },
    )

    signature.refresh_from_db()
    assert "We have changed your signature" in client.get(changed.url).text
    assert (signature.name, signature.place) == ("Ada King", "Porto, Portugal")
    assert signature.public_name.text == "Ada, Porto"
    tally = {e.country: e.delta for e in petition.tally.filter(country="PT")}
    assert (petition.standing.count, petition.standing.countries) == (1, 1)
    assert tally == {"PT": 1}


def test_two_people_of_one_mailbox_stay_two(client, mailbox, work):
    petition = make_petition()
    ada, bo = sign(petition), sign(petition, name="Bo Lovelace")
    ada.confirm()
    bo.confirm()
    path = enter(client, mailbox, work)

    page = client.post(
        f"{path}signatures/{bo.pk}/", {"name": "Ada Lovelace", "country": "GB"}
    )

    assert page.status_code == 422
    assert "has already signed under this name" in page.text
    assert petition.standing.count == 2


@pytest.mark.parametrize(
    ("choice", "shown"),
    [("full", "Ada Lovelace"), ("first", "Ada, London"), ("initials", "A. L.")],
)
def test_a_name_shows_as_its_owner_chose(client, mailbox, work, choice, shown):
    petition = make_petition()
    signature = sign(petition, shown_as="no")
    signature.confirm()
    assert "Ada" not in client.get("/campaign-1/signatures/newest/").text
    path = enter(client, mailbox, work)

    details = {"name": "Ada Lovelace", "city": "London", "country": "GB"}
    form = {**details, "shown_as": choice, "shown_name": shown.split(",")[0]}
    client.post(f"{path}signatures/{signature.pk}/", form)

    page = Client().get("/campaign-1/signatures/thanks/")
    assert page.status_code == 200
    signature.refresh_from_db()
    assert signature.public_name.text == shown
    [given] = Consent.objects.filter(kind="shown name")
    line = f"“{shown}, United Kingdom”"
    assert given.words == f"Show my name on the petition’s page: {line}"
    assert given.withdrawn_at is None


def test_who_shows_their_name_in_another_way_has_agreed_to_that_alone(
    client, mailbox, work
):
    make_petition()
    details = {"name": "Ada Lovelace", "city": "London", "country": "GB"}
    client.post(
        "/campaign-1/signatures/",
        {**details, **ADA, "shown_as": "full", "shown_name": "Ada Lovelace"},
    )
    Signature.objects.get().confirm()
    path = enter(client, mailbox, work)
    signature = Signature.objects.get()
    agreed = Consent.objects.filter(kind="shown name").order_by("pk")
    before = agreed.get()
    assert before.words in client.get(path).text

    here = f"{path}signatures/{signature.pk}/"
    client.post(here, {**details, "shown_as": "initials", "shown_name": "A. L."})

    full, initials = agreed
    assert full.withdrawn_at
    assert initials.withdrawn_at is None
    assert initials.words != before.words
    client.post(here, {**details, "shown_as": "no"})
    assert not agreed.standing().exists()


def test_a_name_is_taken_back(client, mailbox, work):
    petition = make_petition()
    [signature] = make_counted(petition, 1, **ADA)
    path = enter(client, mailbox, work)
    asks = client.get(f"{path}signatures/{signature.pk}/withdrawal/").text

    done = client.post(f"{path}signatures/{signature.pk}/withdrawal/")

    assert "Take your name back?" in asks
    assert "Your name is off the petition" in client.get(done.url).text
    assert petition.standing.count == 0


def test_nobody_else_s_acts_can_be_reached(client, mailbox, work):
    petition = make_petition()
    [bo] = make_counted(petition, 1, email="bo@mail.example")
    letter = confirmed(email="bo@mail.example")
    comment = write_comment(petition.campaign, email="bo@mail.example")
    consent = Consent.objects.create(confirmation=bo.confirmation, words="Bo's")
    path = enter(client, mailbox, work)

    for act in (
        f"signatures/{bo.pk}/",
        f"signatures/{bo.pk}/withdrawal/",
        f"letters/{letter.pk}/removal/",
        f"comments/{comment.pk}/removal/",
        f"consents/{consent.pk}/withdrawal/",
    ):
        assert client.post(path + act).status_code == 404
    assert Signature.objects.counted().count() == 1


def test_a_letter_says_whether_it_was_sent(client, mailbox, work):
    written = write()
    path = enter(client, mailbox, work)

    def said():
        page = client.get(path).text.partition('id="letters"')[2]
        return page.partition('<p class="fine">')[2].partition(".")[0]

    assert said() == "Waiting for confirmation"
    written.confirm()
    assert said() == "Not sent yet"
    first, *others = written.deliveries.all()
    settle(first)
    assert said() == "Sent to some of them"
    for delivery in others:
        settle(delivery)
    assert said() == "Sent"
    for delivery in written.deliveries.all():
        settle(delivery, Outcome.REFUSED)
    assert said() == "Not sent"


def test_a_letter_is_deleted(client, mailbox, work):
    letter = confirmed()
    work()
    path = enter(client, mailbox, work)

    client.get(f"{path}letters/{letter.pk}/removal/")
    assert Letter.objects.get().text
    client.post(f"{path}letters/{letter.pk}/removal/")

    assert (Letter.objects.get().text, Letter.objects.get().name) == ("", "")
    assert letter.suggested_letter.sent_count() == 1


def test_a_comment_is_deleted(client, mailbox, work):
    comment = write_comment(make_campaign())
    path = enter(client, mailbox, work)

    asks = client.get(f"{path}comments/{comment.pk}/removal/").text
    client.post(f"{path}comments/{comment.pk}/removal/")

    assert "Delete your comment?" in asks
    assert Comment.objects.get().state == "removed"


def test_a_consent_is_taken_back_once_its_owner_knows_what_follows(
    client, mailbox, work
):
    petition = make_petition()
    client.post(
        "/campaign-1/signatures/",
        {"name": "Ada Lovelace", **ADA, "country": "GB", "shown_as": "full"},
    )
    Signature.objects.get().confirm()
    path = enter(client, mailbox, work)
    shown = Consent.objects.get(kind="shown name")
    signing = Consent.objects.get(kind="signature")
    hides, takes_back = (
        f"{path}consents/{given.pk}/withdrawal/" for given in (shown, signing)
    )
    page = client.get(path).text
    assert "“Ada Lovelace, United Kingdom”" in page
    assert "Maria Silva" not in page
    assert f'href="{hides}">Take it back' in page
    assert f'action="{hides}"' not in page

    asks = client.get(hides).text
    assert "Hide your name?" in asks
    assert "Your signature still counts." in asks
    assert "Take your signature back?" in client.get(takes_back).text
    assert Signature.objects.shown().exists()
    assert not Consent.objects.exclude(withdrawn_at=None).exists()

    client.post(hides)

    shown.refresh_from_db()
    assert shown.withdrawn_at
    assert not Signature.objects.shown().exists()
    assert petition.standing.count == 1
    client.post(takes_back)
    client.post(takes_back)
    assert not Signature.objects.counted().exists()
    assert "Taken back on" in client.get(path).text
    assert client.get(takes_back).url == f"{path}?done=consent"


def test_whoever_signed_twice_and_hides_their_name_is_shown_nowhere(
    client, mailbox, work
):
    make_petition()
    for _ in range(2):
        who = {**ADA, "name": "Ada Lovelace", "country": "GB"}
        client.post("/campaign-1/signatures/", {**who, "shown_as": "full"})
        Signature.objects.latest("pk").confirm()
    path = enter(client, mailbox, work)
    newest = Consent.objects.filter(kind="shown name").latest("pk")
    assert Signature.objects.shown().exists()

    client.post(f"{path}consents/{newest.pk}/withdrawal/")

    assert not Signature.objects.shown().exists()
    assert not Consent.objects.filter(kind="shown name", withdrawn_at=None).exists()
    assert Signature.objects.counted().count() == 1


def test_whatever_is_agreed_to_can_be_taken_back_after_a_question(
    client, mailbox, work
):
    kinds = {
        kind: taking_back
        for each in declared_of_supporters()
        for kind, taking_back in each.consents.items()
    }
    assert {kind._meta.model_name for kind in Act.kinds()} <= set(kinds)
    sign(make_petition(), consents=[(kind, "I do.", "1") for kind in kinds])
    path = enter(client, mailbox, work)

    asked = {
        given.kind: client.get(f"{path}consents/{given.pk}/withdrawal/").text
        for given in Consent.objects.all()
    }

    assert set(asked) == set(kinds)
    for kind, page in asked.items():
        assert f"<h1>{kinds[kind].question}</h1>" in page
        assert f">{kinds[kind].button}</button>" in page
    assert Consent.objects.standing().count() == len(asked)


def test_consents_to_mails_end_the_mails(client, mailbox, work):
    comment = write_comment(
        make_campaign(),
        wants_news=True,
        wants_replies=True,
        consents=[("comment news", "N", "1"), ("comment replies", "R", "1")],
    )
    news, replies = Consent.objects.order_by("pk")

    news.withdraw()
    comment.refresh_from_db()
    assert (comment.wants_news, comment.wants_replies) == (False, True)
    replies.withdraw()

    comment.refresh_from_db()
    assert comment.wants_replies is False


def test_how_often_mails_come_is_changed_stopped_and_begun_again_there(
    client, mailbox, work
):
    campaign = make_campaign(title="The dogs")
    follow = make_follow(campaign, consents=[("follow", "Send me this.", "1")])
    comment = write_comment(
        campaign, wants_replies=True, consents=[("comment replies", "R", "1")]
    )
    comment.confirm()
    path = enter(client, mailbox, work)

    for act, kind in (
        (f"follows/{follow.pk}/", "follow"),
        ("comment-subscription/", "comment replies"),
    ):
        given = Consent.objects.filter(kind=kind)
        saved = client.post(path + act, {"frequency": "weekly"})
        assert "Saved." in client.get(saved.url).text
        assert '<option value="weekly" selected>' in client.get(path).text
        stopped = client.post(path + act, {"frequency": "daily", "stop": ""})
        client.post(path + act, {"stop": ""})
        assert "We will send you no more of these" in client.get(stopped.url).text
        assert [consent.withdrawn_at is None for consent in given] == [False]
        client.post(path + act, {"resume": ""})
        client.post(path + act, {"resume": ""})
        old, new = given.order_by("pk")
        assert (old.withdrawn_at is None, new.withdrawn_at) == (False, None)
        assert (new.words, new.page) == (old.words, "/mine/")
        assert client.post(path + act, {"frequency": "hourly"}).status_code == 400
    follow.refresh_from_db()
    subscription = CommentSubscription.objects.get()
    assert (follow.is_active, follow.frequency) == (True, "weekly")
    assert (subscription.is_active, subscription.frequency) == (True, "weekly")


def test_the_language_of_mails_is_a_choice_where_there_is_one(
    client, mailbox, work, settings
):
    campaign = make_campaign()
    make_follow(campaign)
    path = enter(client, mailbox, work)
    assert "Language of our emails" not in client.get(path).text
    settings.LIMIT_MAILS_TO_ADDRESS = 9
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]
    assert '<option value="en" selected>' in client.get(path).text

    saved = client.post(f"{path}language/", {"language": "ko"})
    refused = client.post(f"{path}language/", {"language": "xx"})

    assert "From now on we write to you in this language" in client.get(saved.url).text
    assert '<option value="ko" selected>' in client.get(path).text
    assert refused.status_code == 400
    mailbox.clear()
    Visit.objects.request("ada@mail.example", "en")
    sign(make_petition(campaign))
    Mailing.objects.send(make_update(campaign), by=None)
    work()
    texts = {}
    for mail in mailbox.messages:
        assert '<html lang="ko">' in mail.get_body(("html",)).get_content()
        texts[subject(mail)] = mail.get_body(("plain",)).get_content()
    assert len(texts) == 3
    assert "http://testserver/ko/mine/" in texts["The link to your page"]
    confirm = texts["Confirm your signature"]
    assert "http://testserver/campaign-1/signatures/" in confirm
    assert "http://testserver/ko/follows/" in texts["The Mayor answers"]
    settings.LANGUAGES = [("en", "English")]
    assert Supporter.objects.get().language_of_mails("en") == "en"


def test_every_mail_to_me_is_listed_with_what_became_of_it(
    client, mailbox, work, settings
):
    settings.LIMIT_MAILS_TO_ADDRESS = 9
    campaign = make_campaign()
    make_follow(campaign)
    letter = confirmed()
    work()
    MailToSupporter.objects.exclude(purpose="letter_receipt").delete()
    mailbox.refuse("ada@mail.example", "554 5.7.1 not now")
    sign(make_petition(campaign))
    work()
    mailbox.answers.clear()
    Mailing.objects.send(make_update(campaign, "She says yes"), by=None)
    work()
    receipt = MailToSupporter.objects.get(purpose="letter_receipt")
    reports.note(receipt, reports.Report(reports.BOUNCED, "552 5.2.2 full"))
    path = enter(client, mailbox, work)

    page = client.get(path).text
    listed = " ".join(client.get(f"{path}export/").text.split())

    shown = dict(
        re.findall(
            r'mine-title">([^<]*)</h3>\s*<p class="fine">[^<]*?([^.(:]*?)\.</p>', page
        )
    )
    assert {kind: words.strip() for kind, words in shown.items()} == {
        "The link to your page": "Handed to our mail service",
        "A copy of your letter": "Came back later",
        "Confirm your signature": "Refused",
        "She says yes": "Handed to our mail service",
    }
    assert listed.count("She says yes") == 1
    assert letter.confirmation.email in [mail["To"] for mail in mailbox.messages]


def test_every_kind_of_mail_has_a_name_there():
    to_staff = {
        *("alert", "comment_digest", "invitation", "password_reset"),
        *("recipient_bounced", "test_mail"),
    }
    to_officials = {"official_page", "official_address", "official_address_notice"}
    names = set(samples.names()) - to_staff - to_officials

    titles = {}
    for purpose in all_purposes().values():
        titles |= {purpose.name: purpose.title, **purpose.titles}
    told = {
        without_code(samples.write(name, "en").subject) for name in names - {"update"}
    }
    named = {"comment_reply", "comment_replies", "official_answer"}
    others = {
        name
        for name in names - {"update"}
        if without_code(samples.write(name, "en").subject)
        not in set(map(str, titles.values()))
    }
    assert others == named
    assert told


def test_all_mails_are_stopped(client, mailbox, work):
    campaign = make_campaign()
    consents = [("comment replies", "R", "1")]
    comment = write_comment(campaign, wants_replies=True, consents=consents)
    comment.confirm()
    comment.moderated_by(None).show()
    make_follow(campaign, consents=[("follow", "F", "1")])
    path = enter(client, mailbox, work)

    client.post(f"{path}mails/")

    assert CommentSubscription.objects.get().stopped_at
    assert not Follow.objects.active().exists()
    assert not Consent.objects.standing().exists()
    mailbox.clear()
    now = timezone.now()
    make_comment(campaign, "I agree.", comment, name="Bo", reply_due_at=now)
    work()
    assert mailbox.messages == []


def test_a_browser_is_forgotten_with_every_other_one(client, mailbox, work):
    path = enter(client, mailbox, work)
    other = Client(headers={"sec-fetch-site": "same-origin"})
    other.cookies["supporter"] = client.cookies["supporter"].value

    page = client.post(f"{path}browsers/")

    assert "We have forgotten your browsers" in page.text
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
    [signature] = data["signatures"]
    assert signature["petition"] == petition.ask
    assert (signature["name"], signature["country"]) == (
        "Ada Lovelace",
        "United Kingdom",
    )
    assert re.match(r"\d{4}-\d\d-\d\dT", signature["signed"])
    assert data["comments"][0]["text"] == "Please stop this."
    assert len(data["letters"][0]["what happened to it"]) == 3
    assert data["consents"][0]["exact words"] == "I ask."
    for words in ("Please stop this.", "I ask.", "Ada Lovelace", "Ward 2"):
        assert words in page


def test_everything_is_erased_after_two_questions(client, mailbox, work):
    petition = make_petition()
    make_counted(petition, 1, **ADA)
    path = enter(client, mailbox, work)

    first = client.get(f"{path}erasure/").text
    second = client.post(f"{path}erasure/").text
    assert Signature.objects.exists()
    done = client.post(f"{path}erasure/", {"sure": "yes"})

    assert "What stays, without your name" in first
    assert "for 365 days" in first
    assert "Are you sure?" in second
    assert "Everything is erased" in done.text
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


@pytest.mark.long
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
    assert "All 1,000: your signatures" in page
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


def test_my_page_says_whether_the_name_shows(client, mailbox, work):
    """Waiting, hidden, shown, not confirmed yet: in words that are true."""
    signature = sign(make_petition(), name="Harvey Hall", shown_as="full")
    mine = enter(client, mailbox, work)
    rows = Signature.objects.filter(pk=signature.pk)

    def said():
        return client.get(mine).text.replace("<bdi>", "").replace("</bdi>", "")

    assert "Once you have confirmed, we show your name as Harvey Hall." in said()
    signature.confirm()
    assert "Shown as Harvey Hall." in said()
    rows.update(name_hidden_at=timezone.now(), name_hidden_for="moderator")
    waiting = said()
    assert "We will show your name, Harvey Hall, once a moderator has checked it" in (
        waiting
    )
    assert "Shown as" not in waiting
    signature.public_name.decide(NameDecision.HIDE, by=make_staff("cy"))
    assert "A moderator has hidden your name." in said()
    signature.withdraw()
    assert "Your name is not shown." in said()


@pytest.mark.parametrize("name", ["Ada Lovelace", "Ada King"])
def test_not_at_all_at_one_of_two_signatures_shows_the_name_nowhere(
    client, mailbox, work, name
):
    """As taking the consent back does, also when the name is put right at once."""
    petition = make_petition()
    counted = sign(petition, shown_as="full")
    again = sign(petition, shown_as="full")
    counted.confirm()
    again.confirm()
    mine = f"{enter(client, mailbox, work)}signatures/{again.pk}/"

    client.post(
        mine, {"name": name, "city": "London", "country": "GB", "shown_as": "no"}
    )

    assert not Signature.objects.shown().exists()
    assert not Signature.objects.exclude(shown_as="no").exists()
