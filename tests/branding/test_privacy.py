from datetime import timedelta

import pytest

from database.kept import SLACK
from supporters.acts.undecided import NOTICE_DAYS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "we delete your signature 1 day after our last email about it."),
        (9, "we delete your signature 9 days after our last email about it."),
    ],
)
def test_the_privacy_page_quotes_how_long_things_are_kept(
    client, settings, days, words
):
    settings.KEEP_UNCONFIRMED_DAYS = days
    settings.KEEP_WITHDRAWN_DAYS = days + 2

    settings.KEEP_SIGNERS_MONTHS = days
    settings.KEEP_FINISHED_JOBS_HOURS = days + 3
    settings.KEEP_ERASURES_DAYS = days + 4
    settings.KEEP_LETTER_TEXT_DAYS = days + 5
    settings.KEEP_NETWORK_HASH_DAYS = days + 6
    settings.KEEP_REPORT_WORDS_DAYS = days + 7
    settings.KEEP_STOPPED_FOLLOWS_DAYS = days + 8
    settings.KEEP_MAIL_NOTES_DAYS = days + 9
    settings.KEEP_BUNDLES_DAYS = days + 12
    settings.KEEP_AUDIT_DAYS = days + 16
    settings.KEEP_HELD_DAYS = days + 13
    settings.KEEP_AFTER_HANDOVER_DAYS = days + 14
    settings.KEEP_SIGNERS_AT_MOST_MONTHS = days + 15
    settings.REMIND_AFTER_HOURS = days + 10
    settings.UNDO_DAYS = days + 11

    page = client.get("/privacy/")

    assert words in page.text
    for quoted in (
        f"{days} month{'s'[: days > 1]} after a campaign ends, we delete the names",
        f"finished work after {days + 3} hours",
        f"form of your address for {days + 4} days",
        f"your letter {days + 5} days after we sent it",
        f"form of your network for {days + 6} days.",
        f"For {days + 16} days we keep the reason and how much we deleted",
        f"wrote to us {days + 7} days after",
        f"we keep your choice for {days + 8} days",
        f"For {days + 9} days we keep a note of each email to you",
        f"We delete our own copy after {days + 12} days",
        f"and scans {days} month{'s'[: days > 1]} after the campaign ends.",
        f"do not confirm within {days + 10} hours, we remind you once.",
        f"So we delete them {days + 14} days after the handover",
        f"{days + 15} months after the end at the latest.",
        f"If nobody has checked it after {days + 13} days, we delete it.",
        f"If nobody has checked your comment after {days + 13} days, we delete it.",
        f"sign again. We delete them after {days + 11} days.",
    ):
        assert quoted in page.text
    # Text and table have no period of their own for the same thing.
    assert "two days later" not in page.text
    assert "emailed links to officials’ pages" in page.text.lower()
    assert page.text.count(f"form of your network for {days + 6} days") == 3
    assert f"right away, and delete it after {days + 2} days." in page.text


def test_periods_that_stand_as_words_are_those_of_the_code(client):
    """Who changes one of these changes its words as well, in each language."""
    page = client.get("/privacy/").text

    assert NOTICE_DAYS == 7
    assert page.count("we tell you a week before.") == 3
    assert timedelta(days=2) == SLACK
    assert "more than 2 days late, our staff get an alert." in page


def test_the_privacy_page_says_who_answers_for_the_data(client, settings):
    settings.CONTROLLER = "Animals & Friends, 7 Long Street"
    settings.CONTACT_EMAIL = "hello@friends.example"

    page = client.get("/privacy/")

    assert "<p>Animals &amp; Friends, 7 Long Street<br>" in page.text
    assert (
        '<a href="mailto:hello@friends.example">hello@friends.example</a>' in page.text
    )


def test_every_page_leads_to_the_privacy_page(client):
    for path in ("/", "/nowhere/"):
        assert 'href="/privacy/"' in client.get(path).text
