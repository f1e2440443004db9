"""Another address is another act: what was mailed to the first one opens nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from letters.models import Letter
from outbox.mailed_keys import Gone
from petitions.models import Signature
from safeguards.judging import judge
from supporters.acts.act import NotAsTyped
from supporters.models import Confirmation, Consent, Follow, Supporter
from tests.concurrency import at_once
from tests.factories import make_letter, make_petition, make_staff, prove
from tests.hostile.test_mailed_keys import ACTS, NEW, OLD, keyed, links

pytestmark = pytest.mark.django_db
MODELS = {"signature": Signature, "letter": Letter, "comment": Comment}
MODELS |= {"follow": Follow}
# What says the same in the new act as in the first one.
SAME = {
    "signature": ["name", "city", "country", "shown_as", "shown_name", "petition_id"],
    "letter": ["name", "place", "subject", "text", "text_digest", "is_thanks"],
    "comment": ["name", "text", "wants_news", "wants_replies", "parent_id"],
    "follow": ["frequency", "campaign_id", "only_outcome", "language"],
}
VALUE = re.compile(r"'[^']*'|\b\d+\b")


@pytest.fixture
def client():
    """A browser on our own pages."""
    return Client(headers={"sec-fetch-site": "same-origin"})


@pytest.fixture(params=ACTS)
def kind(request):
    make_letter(make_petition().campaign)
    return request.param


def post(client, kind, email=OLD, **typed):
    path, usual = ACTS[kind]
    return client.post(path, {**usual, **typed, "email": email})["Location"]


def post_again(client, inbox, email=NEW):
    """Give another address on the page of the inbox."""
    return client.post(f"{inbox}mail/", {"email": email})


def newest(kind):
    return MODELS[kind].objects.latest("pk")


def confirm(client, mailbox):
    answer = client.post(mailbox.path_to("confirmation"))
    client.cookies.clear()
    return answer


def what_is_stored(act, kind):
    row = type(act).objects.values(*SAME[kind]).get(pk=act.pk)
    asked = Confirmation.objects.values("campaign", "kind", "language", "said")
    consents = Consent.objects.filter(confirmation=act.confirmation_id)
    given = consents.order_by("kind").values_list("kind", "words", "version", "page")
    return row, asked.get(pk=act.confirmation_id), list(given)


def test_the_new_act_is_as_if_the_form_was_sent_with_its_address(client, kind):
    inbox = post(client, kind)
    first = what_is_stored(newest(kind), kind)

    answer = post_again(client, inbox)

    new = newest(kind)
    assert answer["Location"] == f"{new.inbox_url}?again=1"
    assert new.confirmation.email == NEW
    assert what_is_stored(new, kind) == first


def test_nothing_of_the_first_one_is_left(client, kind, mailbox, work):
    inbox = post(client, kind)
    work()
    key = newest(kind).confirmation_id
    [seen] = mailbox.messages

    post_again(client, inbox)
    work()

    assert not Confirmation.objects.filter(pk=key).exists()
    assert not Consent.objects.filter(confirmation=key).exists()
    assert not Follow.objects.filter(supporter__email=OLD).exists()
    for path in keyed(links(seen)):
        # The link that stops mails is the mailbox's, and opens no act.
        if not re.match("/emails/.*/cancellation/", path):
            assert client.get(path).status_code in (404, 410), path
            assert client.post(path).status_code in (404, 405, 410), path
    assert confirm(client, mailbox).status_code == 302
    assert newest(kind).confirmation.used_at


def test_even_before_the_worker_has_deleted_it_nobody_confirms_it(
    client, kind, mailbox, work
):
    inbox = post(client, kind)
    work()
    link = mailbox.path_to("confirmation")

    post_again(client, inbox)

    for old in (client.get(link), client.post(link)):
        assert old.status_code == 410
        assert "This link no longer works" in old.text
        assert NEW not in old.text
        assert "Olga" not in old.text
        assert not old.cookies
    assert not Confirmation.objects.exclude(used_at=None).exists()


def test_a_mail_about_the_first_one_that_has_not_left_never_does(
    client, kind, mailbox, work
):
    inbox = post(client, kind)

    post_again(client, inbox)
    work()

    assert {mail["To"] for mail in mailbox.messages} == {NEW}


def test_a_second_tab_with_the_first_page_shows_and_does_nothing(
    client, kind, mailbox, work
):
    inbox = post(client, kind)
    work()
    new = post_again(client, inbox)["Location"]
    code = {"code": mailbox.code()}

    for late in (
        client.get(inbox),
        client.post(f"{inbox}code/", code),
        post_again(client, inbox, OLD),
        post_again(client, inbox, "third@mail.example"),
    ):
        assert late.status_code == 410
        assert NEW not in late.text
        assert new.partition("?")[0] not in late.text
    work()
    assert client.get(inbox).status_code == 410
    assert not Supporter.objects.filter(email="third@mail.example").exists()


def test_who_has_said_yes_keeps_what_is_theirs(client, kind, mailbox, work):
    inbox = post(client, kind)
    work()
    seen = mailbox.last()
    confirm(client, mailbox)
    first = newest(kind)
    before = MODELS[kind].objects.filter(pk=first.pk).values().get()

    post_again(client, inbox)
    work()

    assert MODELS[kind].objects.filter(pk=first.pk).values().get() == before
    assert first.confirmation.consents.standing().exists() == bool(
        what_is_stored(newest(kind), kind)[2]
    )
    for path in keyed(links(seen)):
        assert client.get(path).status_code in (200, 410), path
    assert newest(kind).pk != first.pk
    assert newest(kind).confirmation.used_at is None
    assert confirm(client, mailbox).status_code == 302


def seen_by(client, inbox):
    """All that somebody sees who gives another address, without keys and times."""

    def shown(answer):
        text = re.sub(r"(signatures|letters|comments|follows)/[\w.-]{20,}/", "", answer)
        return re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]*", "", text)

    with CaptureQueriesContext(connection) as queries:
        answer = post_again(client, inbox)
    pages = [client.get(answer["Location"]), client.get(inbox), client.post(inbox)]
    pages += [client.post(f"{inbox}code/", {"code": "123456"})]
    return {
        "status": answer.status_code,
        "address": shown(answer["Location"]),
        "headers": {**answer.headers, "Location": ""},
        "statements": [VALUE.sub("?", query["sql"]) for query in queries],
        "pages": [(page.status_code, shown(page.text)) for page in pages],
    }


def test_no_answer_tells_whether_the_first_one_was_confirmed(
    client, kind, mailbox, work
):
    judge(name="Ada")  # learns the names that nobody else may sign with
    seen = []
    for is_confirmed in (False, False, True):
        inbox = post(client, kind, text=f"It is late: {len(seen)}.")
        work()
        if is_confirmed:
            confirm(client, mailbox)
        found = seen_by(client, inbox)
        seen.append(repr(found).replace(f"late: {len(seen)}", "late"))
        work()

    assert seen[1] == seen[2]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_posted_and_the_first_one_is_gone(client, mailbox, work):
    make_petition()
    inbox = post(client, "signature")
    browsers = [Client(headers={"sec-fetch-site": "same-origin"}) for _ in range(2)]

    at_once(
        [
            lambda browser=browser, n=n: post_again(browser, inbox, f"n{n}@x.example")
            for n, browser in enumerate(browsers)
        ]
    )
    work()

    left = {s.confirmation.email for s in Signature.objects.all()}
    assert left < {"n0@x.example", "n1@x.example"}
    assert len(mailbox.messages) == len(left) == 1
    assert client.get(inbox).status_code == 410


def test_who_is_erased_meanwhile_comes_back_under_no_other_address(client, kind):
    post(client, kind)
    act = MODELS[kind].objects.for_pages().select_related("confirmation").get()
    Supporter.objects.get(email=OLD).erase()

    given = {"findings": []} if kind == "comment" else {"held_for": ""}

    with pytest.raises((Gone, NotAsTyped)):  # of some, the words are gone as well
        act.post_again(NEW, **given)

    assert not Supporter.objects.filter(email=NEW).exists()


def test_what_its_owner_has_changed_since_goes_to_nobody_else(client, mailbox, work):
    make_petition()
    inbox = post(client, "signature")
    work()
    confirm(client, mailbox)
    newest("signature").signer.correct(name="Olga New", city="Bath", country="GB")

    answer = post_again(client, inbox)

    assert answer.status_code == 410
    assert "Sign again" in answer.text
    assert "used already" not in answer.text
    assert Signature.objects.count() == 1


def test_how_often_its_owner_has_chosen_since_goes_to_nobody_else(
    client, mailbox, work
):
    make_petition()
    inbox = post(client, "follow", frequency="daily")
    work()
    confirm(client, mailbox)
    Follow.objects.get().change_frequency("weekly")

    post_again(client, inbox)

    assert newest("follow").frequency == "daily"


def test_words_that_were_written_behind_the_mailbox_go_to_nobody_else(
    client, mailbox, work, time_machine
):
    make_petition()
    inbox = post(client, "comment")
    work()
    client.post(mailbox.path_to("confirmation"))
    comment = Comment.objects.get()
    Comment.objects.update(
        edited_at=comment.by_writer.may_edit_until + timedelta(days=9999),
        text="Private.",
    )

    answer = post_again(client, inbox)

    assert answer.status_code == 410
    assert "Private." not in answer.text
    assert Comment.objects.count() == 1


def test_a_shown_comment_waits_again_and_its_place_stays_empty(client, mailbox, work):
    make_petition()
    inbox = post(client, "comment")
    Comment.objects.get().moderated_by(make_staff("cy")).show()

    post_again(client, inbox)
    work()

    first, new = Comment.objects.order_by("pk")
    assert (first.state, first.text, first.mail_key) == ("removed", "", None)
    assert new.is_waiting
    assert new.queued_at
    assert new.repeats is None


def test_so_many_addresses_are_held_like_so_many_forms(client, kind, settings, mailbox):
    settings.LIMIT_ACTS_BEFORE_HELD = 3
    inbox = post(client, kind)

    for n in range(4):
        answer = post_again(client, inbox, f"n{n}@mail{n}.example")
        inbox = answer["Location"].partition("?")[0]

    acts = MODELS[kind].objects.order_by("pk")
    assert [act.is_held for act in acts] == [False] * 3 + [True] * 2


def test_a_comment_with_another_address_counts_as_one_more(client, settings):
    settings.LIMIT_COMMENTS = 1
    make_petition()
    inbox = post(client, "comment")
    post(client, "comment", NEW, text="Another one.")

    answer = post_again(client, inbox)

    assert answer.status_code == 422
    assert "You have posted a lot in the last hour" in answer.text
    assert f'value="{NEW}"' in answer.text
    assert client.get(inbox).status_code == 200


def test_what_a_program_sent_waits_with_the_next_address_as_well(
    client, kind, mailbox, work
):
    inbox = post(client, kind, website="x")

    post_again(client, inbox)
    work()

    assert newest(kind).is_held
    assert mailbox.messages == []


def test_other_words_take_no_comment_past_what_it_is_held_for(client, mailbox, work):
    make_petition()
    inbox = post(client, "comment", website="x")

    assert client.post(f"{inbox}text/", {"text": "Other words."}).status_code == 302
    client.post(f"{inbox}mail/", {"email": OLD})
    work()

    assert newest("comment").text == "Other words."
    assert newest("comment").is_held
    assert mailbox.messages == []


def test_after_the_end_the_page_says_so_and_the_first_one_stands(client, mailbox, work):
    campaign = make_petition().campaign
    inbox = post(client, "signature")
    work()
    campaign.close()

    answer = post_again(client, inbox)

    assert answer.status_code == 410
    assert "This petition has ended" in answer.text
    assert confirm(client, mailbox).status_code == 302


def test_a_browser_with_the_cookie_of_the_other_address_gets_a_mail_all_the_same(
    client, kind, mailbox, work
):
    post(client, kind, NEW)
    prove(client, newest(kind))
    inbox = post(client, kind)

    post_again(client, inbox)

    assert newest(kind).confirmation.email == NEW
    assert newest(kind).confirmation.used_at is None
