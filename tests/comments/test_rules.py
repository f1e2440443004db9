"""What each rule finds; that it makes a comment wait, and sorts likely spam last."""

import pytest

from comments.models import Comment
from comments.repeats import said_before
from comments.rules import LIKELY_SPAM, RuleFinding, findings, findings_of
from safeguards.blocks import Block
from safeguards.network import Network, Networks
from supporters.acts.holding import examine_again
from tests.comments.test_writing import PATH, known_writer, post
from tests.factories import (
    make_campaign,
    make_recipients,
    make_staff,
    write_comment,
)

pytestmark = pytest.mark.django_db
NETWORKS = Networks((Network("203.0.113.7"), Network("203.0.113.0/24")))


@pytest.fixture
def campaign():
    return make_campaign()


def found(campaign, text="Please help.", **fields):
    given = {"email": "ada@mail.example", "name": "Ada", "networks": NETWORKS}
    asks = [said_before(campaign, text)]
    look = examine_again(text=text, asks=asks, **{**given, **fields})
    return [f.rule for f in findings(text, look)]


def block(kind, value):
    entry = Block(kind=kind, value=value)
    entry.full_clean()
    entry.save()
    return entry


def test_nothing_is_found_in_an_ordinary_comment(campaign):
    block("word", "casino")
    block("address", "spam.example")
    block("network", "198.51.100.7")
    write_comment(campaign, "Something else.")

    assert found(campaign, "Please help, see https://a.example") == []


@pytest.mark.parametrize(
    ("kind", "value", "fields"),
    [
        ("word", "Casino", {"text": "Visit our CASINO!"}),
        ("word", "free  money", {"text": "It is free\nmoney."}),
        ("word", "개고기", {"text": "개고기 그만"}),
        ("word", "casino", {"name": "Best Casino"}),
        ("address", "ADA@mail.example", {}),
        ("address", "mail.example", {}),
        ("address", "@example", {"email": "x@deep.mail.example"}),
        ("network", "203.0.113.77", {}),
        ("network", "203.0.113.0/24", {}),
    ],
)
def test_the_block_list_finds(campaign, kind, value, fields):
    if value == "@example":
        value = "deep.mail.example"
    block(kind, value)

    assert found(campaign, **fields) == [kind]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"name": "Letters for Animals Team"}, "posing"),
        ({"name": "Hаrvеy Hаll"}, "posing"),
        ({"text": "He lives at 12 Oak Street."}, "street"),
        ({"text": "Call 661 555 0199"}, "phone"),
        ({"text": "<b>Cheap</b>"}, "markup"),
        ({"text": "Our ｃａｓ\u200bｉｎо."}, "word"),
    ],
)
def test_what_strangers_should_not_read_at_once_waits(campaign, settings, fields, rule):
    settings.SITE_NAME = "Letters for Animals"
    recipients = make_recipients(0)
    mayor = {"office": "Mayor", "email": "mayor@city.example"}
    recipients.recipients.create(name="Harvey Hall", **mayor)
    block("word", "casino")

    assert found(campaign, **fields)[0] == rule
    assert RuleFinding(rule).holds


@pytest.mark.parametrize("text", ["casinos", "occasion", "cas ino"])
def test_a_blocked_word_is_a_whole_word(campaign, text):
    block("word", "casino")

    assert found(campaign, text) == []


def test_more_web_addresses_than_the_setting(campaign, settings):
    settings.COMMENT_MOST_LINKS = 1

    assert found(campaign, "www.a.example") == []
    assert found(campaign, "https://www.a.example http://b.example") == ["links"]


@pytest.mark.parametrize(
    "text",
    ["www.casino-win.example … bonus", "casino-win.com, b.o.n.u.s"],
)
def test_an_advertisement_with_one_address_is_likely_spam(client, campaign, text):
    post(client, text=text)
    post(client, text="Close the casino: https://news.example/2026")

    [ordinary, spam] = Comment.objects.queued()
    assert (ordinary.spam_points, spam.spam_points) == (0, LIKELY_SPAM)
    assert findings_of(spam) == ["a web address beside words of advertising"]


def test_addresses_without_a_scheme_are_counted_too(campaign, settings):
    settings.COMMENT_MOST_LINKS = 1

    assert found(campaign, "See farm-news.com and dog-news.org.") == ["links"]


def test_the_same_text_again_whatever_its_case(campaign):
    write_comment(campaign, "Please, help the dogs!")

    assert found(campaign, "PLEASE help the dogs") == ["duplicate"]
    assert found(make_campaign(), "Please help the dogs") == []


def test_text_without_a_letter_is_no_repetition(campaign):
    write_comment(campaign, "!!!")

    assert found(campaign, "!!!") == []


def test_capitals_are_noted_and_hold_nobody(campaign):
    text = "SHUT DOWN ALL OF THE DOG MEAT FARMS IN S. KOREA NOW, PLEASE."

    assert found(campaign, text) == ["capitals"]
    assert not RuleFinding("capitals").holds


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("network", "somewhere"),
        ("address", "nowhere"),
        ("word", ""),
        ("address", "a b.c"),
    ],
)
def test_a_block_that_cannot_match_is_refused(kind, value):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        Block(kind=kind, value=value).full_clean()


def test_the_network_of_a_comment_is_blocked_without_knowing_it(client, campaign):
    post(client)
    comment = Comment.objects.get()

    Block.objects.add_network(comment.network_hash, make_staff())
    post(client, text="Another one.")

    assert Comment.objects.latest("pk").findings == [["network", ""]]
    assert "127.0.0" not in Block.objects.get().value


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        ("honeypot", {"text": "Hello there.", "website": "http://spam.example"}),
        ("word", {"text": "Our casino."}),
        ("links", {"text": "https://a.example https://b.example"}),
        ("duplicate", {"text": "My first one."}),
    ],
)
def test_even_a_known_writer_waits_for_what_a_rule_finds(
    client, campaign, mailbox, rule, typed
):
    known_writer(campaign, client)
    block("word", "casino")

    answer = post(client, **typed)

    comment = Comment.objects.latest("pk")
    assert comment.is_waiting
    assert [row[0] for row in comment.findings] == [rule]
    assert findings_of(comment)
    assert "A person will read your comment" in client.get(answer["Location"]).text


def test_a_flood_from_one_network_waits_and_mails_nobody(
    client, campaign, settings, mailbox, work
):
    settings.LIMIT_ACTS_BEFORE_HELD = 2
    settings.LIMIT_COMMENTS = 100

    for number in range(4):
        post(client, text=f"Number {number}", wants_news="on")
    work()

    rules = [c.findings for c in Comment.objects.order_by("pk")]
    assert rules == [[], [], [["flood", ""]], [["flood", ""]]]
    assert len(mailbox.messages) == 2


def test_the_queue_has_the_likely_spam_last(client, campaign):
    block("word", "casino")
    post(client, text="Our casino.")
    post(client, text="https://a.example https://b.example")
    post(client, text="An ordinary comment.")

    assert [c.text for c in Comment.objects.queued()] == [
        "An ordinary comment.",
        "https://a.example https://b.example",
        "Our casino.",
    ]


def test_the_rules_page_needs_no_comment_and_names_the_reasons(client):
    page = client.get("/moderation/").text

    assert "It attacks people because of who they are." in page
    assert "Nobody has written a comment in the last 12 months." in page


def test_nothing_is_refused_for_its_words(client, campaign):
    block("word", "casino")

    assert post(client, PATH, text="Our casino.").status_code == 302
