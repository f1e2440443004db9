"""The mails that somebody gets, on my page: what came of them, and which go on."""

import re

import pytest

from outbox import reports, samples
from outbox.purposes import all_purposes
from supporters.models import (
    Consent,
    Follow,
    Mailing,
    MailToSupporter,
    Supporter,
    Visit,
)
from tests.answers import subject, without_code
from tests.factories import (
    make_campaign,
    make_comment,
    make_follow,
    make_petition,
    make_update,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db


def test_how_often_mails_come_is_changed_stopped_and_begun_again_there(
    client, mailbox, work
):
    campaign = make_campaign(title="The dogs")
    follow = make_follow(campaign, consents=[("follow", "Send me this.", "1")])
    path = enter(client, mailbox, work)

    act = f"{path}follows/{follow.pk}/"
    given = Consent.objects.filter(kind="follow")

    saved = client.post(act, {"frequency": "weekly"})
    assert "Saved." in client.get(saved.url).text
    assert '<option value="weekly" selected>' in client.get(path).text
    stopped = client.post(act, {"frequency": "daily", "stop": ""})
    client.post(act, {"stop": ""})
    assert "We will send you no more of these" in client.get(stopped.url).text
    assert [consent.withdrawn_at is None for consent in given] == [False]
    client.post(act, {"resume": ""})
    client.post(act, {"resume": ""})
    old, new = given.order_by("pk")
    assert (old.withdrawn_at is None, new.withdrawn_at) == (False, None)
    assert (new.words, new.page) == (old.words, "/mine/")
    assert client.post(act, {"frequency": "hourly"}).status_code == 400

    follow.refresh_from_db()
    assert (follow.is_active, follow.frequency) == (True, "weekly")


def test_the_language_of_mails_is_a_choice_where_there_is_one(
    client, mailbox, work, settings
):
    settings.LANGUAGES = [("en", "English")]
    campaign = make_campaign()
    make_follow(campaign)
    path = enter(client, mailbox, work)
    assert "Language of our emails" not in client.get(path).text
    settings.LIMIT_MAILS_TO_ADDRESS = 9
    settings.LANGUAGES = [("en", "English"), ("sv", "Svenska")]  # untranslated
    assert '<option value="en" selected>' in client.get(path).text

    saved = client.post(f"{path}language/", {"language": "sv"})
    refused = client.post(f"{path}language/", {"language": "xx"})

    assert "From now on we write to you in this language" in client.get(saved.url).text
    assert '<option value="sv" selected>' in client.get(path).text
    assert refused.status_code == 400
    mailbox.clear()
    Visit.objects.request("ada@mail.example", "en")
    sign(make_petition(campaign))
    Mailing.objects.send(make_update(campaign), by=None)
    work()
    texts = {}
    for mail in mailbox.messages:
        assert '<html lang="sv" dir="ltr">' in mail.get_body(("html",)).get_content()
        texts[subject(mail)] = mail.get_body(("plain",)).get_content()
    assert len(texts) == 3
    assert "http://testserver/sv/mine/" in texts["The link to your page"]
    confirm = texts["Confirm your signature"]
    assert "http://testserver/campaign-1/signatures/" in confirm
    assert "http://testserver/sv/follows/" in texts["The Mayor answers"]
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
    reports.note(receipt, reports.MailReport(reports.BOUNCED, "552 5.2.2 full"))
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
        *("recipient_bounced", "reply_forwarded", "test_mail"),
    }
    to_officials = {"official_page", "official_address", "official_address_notice"}
    to_officials |= {"official_address_changed", "official_answer_decided"}
    to_translators = {"translation_asked"}
    names = set(samples.names()) - to_staff - to_officials - to_translators

    titles = {}
    for purpose in all_purposes().values():
        titles |= {purpose.name: purpose.title, **purpose.titles}
    told = {
        without_code(samples.write(name, "en").subject) for name in names - {"update"}
    }
    named = {"comment_replies", "official_answer", "reply_explained"}
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

    assert ">Stop emails</button>" in client.get(path).text

    client.post(f"{path}mails/")

    page = client.get(path).text
    assert "You have stopped our emails." in page
    assert ">Stop emails</button>" not in page

    assert comment.confirmation.supporter.has_stopped("comment_news")
    assert not Follow.objects.active().exists()
    assert not Consent.objects.standing().exists()
    mailbox.clear()
    comment.mails.queue("replies_to_comment")
    make_comment(campaign, "I agree.", comment, name="Bo")
    work()
    assert mailbox.messages == []
    client.post(f"{path}mails/", {"resume": "signature_thanks"})
    assert ">Stop emails</button>" in client.get(path).text


def test_a_mail_that_was_stopped_before_it_left_does_not_wait(client, mailbox, work):
    sign(make_petition()).confirm()
    path = enter(client, mailbox, work)
    waits = r"Thank you for signing</h3>\s*<p.*?Not sent yet\. (.*?)\.</p>"
    assert re.findall(waits, client.get(path).text) == ["Waiting"]

    client.post(f"{path}mails/")

    planned = r"Thank you for signing</h3>\s*<p.*?Planned on [^<]*\. (.*?)\.</p>"
    stopped = ["Stopped before it was sent"]
    assert re.findall(planned, client.get(path).text) == stopped
    assert stopped[0].lower() in client.get(f"{path}export/").text
