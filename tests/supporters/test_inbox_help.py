"""What helps somebody from the form to the mail: the code in its subject, webmail."""

import re

import pytest

from supporters.models import Visit
from tests.answers import subject
from tests.factories import make_campaign, make_petition, sign, write_comment
from tests.supporters.test_links_of_questions import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture(params=KINDS)
def asked(request, mailbox, work):
    """An act of each kind, whose owner was asked."""
    act = KINDS[request.param]()
    work()
    act.confirmation.refresh_from_db()
    return act


def html_of(mail):
    return mail.get_body(("html",)).get_content()


def test_the_code_stands_in_the_subject_and_in_the_first_words(asked, mailbox):
    code, mail = asked.confirmation.code, mailbox.last()

    assert mail["Subject"].endswith(f"ode {code}")
    words = re.sub(r"<[^>]+>", " ", html_of(mail).partition("</head>")[2]).split()
    assert " ".join(words).startswith(f"Your code: {code}. Press the button")


def test_the_mail_names_the_campaign_and_has_one_button(asked, mailbox):
    html = html_of(mailbox.last())

    assert html.count('class="button"') == 1
    body = html.partition('class="body"')[2].partition('class="fine"')[0]
    assert asked.campaign.full_title in body
    assert asked.campaign.full_title in mailbox.text().partition("\n-- \n")[0]


def test_the_page_after_the_form_names_the_same_subject(client, asked, mailbox):
    page = client.get(asked.inbox_url).text
    shown = re.search(r"<dt>Subject</dt><dd>(.*?)</dd>", page)

    code = asked.confirmation.code
    assert shown is None or shown[1].replace("…", code) == mailbox.last()["Subject"]


def test_the_code_of_a_mail_that_opens_a_page_is_not_in_its_subject(mailbox, work):
    Visit.objects.request("ada@mail.example", "en")
    work()

    [mail] = mailbox.messages
    assert mail["Subject"] == "The link to your page"
    first_words = html_of(mail).partition("<h1")[0]
    assert mailbox.code() not in first_words


def test_nothing_that_was_typed_stands_in_the_subject(mailbox, work):
    sign(make_petition(), name="Buy at spam.example")
    work()

    assert "spam" not in mailbox.last()["Subject"]
    assert subject(mailbox.last()) == "Confirm your signature"


@pytest.mark.parametrize(
    ("email", "link"),
    [
        ("ada@gmail.com", ("Open Gmail", "https://mail.google.com/mail/")),
        ("ada@googlemail.com", ("Open Gmail", "https://mail.google.com/mail/")),
        ("ada@hotmail.fr", ("Open Outlook", "https://outlook.live.com/mail/")),
        ("ada@yahoo.co.uk", ("Open Yahoo Mail", "https://mail.yahoo.com/")),
        ("ada@naver.com", ("Open Naver Mail", "https://mail.naver.com/")),
        ("ada@mail.example", None),
        ("ada@gmail.com.mail.example", None),
        ("gmail.com@mail.example", None),
        ("ada@fastmail.com", None),
    ],
)
def test_the_page_after_the_form_opens_the_mailbox_of_its_domain(client, email, link):
    signature = sign(make_petition(), email=email)
    comment = write_comment(make_campaign(), email=email, wants_news=True)
    visit = Visit.objects.request(email, "en")

    for path in (signature.inbox_url, comment.inbox_url, f"/mine/{visit.key}/"):
        found = re.findall(
            r'href="(https://[^"]+)" target="_blank" rel="noreferrer">(Open [^<]+)<',
            client.get(path).text,
        )
        assert [(words, href) for href, words in found] == ([link] if link else [])


def test_whoever_has_only_a_link_does_not_learn_where_its_owner_reads_mail(
    client, work
):
    comment = write_comment(make_campaign(), email="ada@gmail.com")
    visit = Visit.objects.request("ada@gmail.com", "en", comment.get_absolute_url())

    assert "google" not in client.get(f"/mine/{visit.key}/").text
