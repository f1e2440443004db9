"""Each key of each mail is tried at each address that takes a key.

A key opens the addresses of its own purpose (`KEYS`) and no others, neither by looking
nor by pressing the button there.
"""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from supporters.models import Follow, Mailing
from tests.every_mail import have_every_mail_sent
from tests.factories import make_follow, make_letter, make_petition, make_update
from tests.hostile.mailed_keys import KEYS, OPEN_TO_ALL, addresses
from tests.hostile.test_mailed_keys import links
from tests.supporters.test_links_of_questions import KINDS

pytestmark = pytest.mark.django_db
WORDS = {"key", "token"}
# What an address names besides a key, where there are several of it.
OTHERS = {"slug": "campaign-1", "number": 1, "name": "signatures", "part": "letter-1"}
# Whoever may say yes may say no: the page of a question leads to the other one.
LEADS_ON = {("question", "denial")}
NOTHING = {404, 410}
# It says in a page of its own that a link is bad: test_a_reset_of_a_password_ends_….
ANSWERS_ALL = {"account_reset_password_from_key"}


def purpose_of(view):
    found = (name for name, key in KEYS.items() if view in key.addresses)
    return next(found, view)


def test_a_key_of_one_purpose_opens_nothing_of_another(mailbox, work, settings):
    settings.MAILS_A_MINUTE = 10**6
    settings.LIMIT_ACTS_BEFORE_HELD = 10**6
    have_every_mail_sent(work)
    with_key = [
        (name, takes)
        for name, takes in addresses()
        if takes & WORDS and name not in OPEN_TO_ALL | ANSWERS_ALL
    ]
    client = Client(headers={"sec-fetch-site": "same-origin"})

    tried, opened = set(), []
    for key, mailed in keys_of(mailbox).items():
        purpose = purpose_of(mailed.view_name)
        for name, takes in with_key:
            if name in KEYS[purpose].addresses:
                continue
            if (purpose, purpose_of(name)) in LEADS_ON:
                continue
            path = path_with(key, name, takes, mailed)
            if path is None:
                continue
            tried.add((purpose, name))
            answer = client.post(path, {"undo": "", "yes": "on"})
            if answer.status_code == 405:
                answer = client.get(path)
            if answer.status_code not in NOTHING:
                opened.append((purpose, path, answer.status_code))

    assert opened == []
    assert {purpose for purpose, _name in tried} == {
        name for name, key in KEYS.items() if key.addresses and key.mailed_as - {"code"}
    }


def keys_of(mailbox):
    """One key of each address that mails link, with the address it stands in."""
    found = {}
    for message in mailbox.messages:
        for path in sorted(links(message)):
            match = resolve(path.partition("?")[0].removeprefix("/ko"))
            name = next(iter(match.kwargs.keys() & WORDS), None)
            if name and match.view_name not in found:
                found[match.view_name] = match.kwargs[name], match
    return dict(found.values())


def path_with(key, name, takes, mailed):
    """This address with the key in it, or None if it takes no such key."""
    others = {word: mailed.kwargs.get(word, OTHERS.get(word, 1)) for word in takes}
    [word] = takes & WORDS
    try:
        return reverse(name, kwargs={**others, word: key})
    except NoReverseMatch:
        return None


def test_no_page_of_a_denial_holds_the_key_that_confirms(client, mailbox, work):
    """Neither as it is, nor after “This was not me”, nor after that is undone."""
    make_letter(make_petition().campaign)
    for kind, make in KINDS.items():
        make(email=f"{kind}@mail.example")
    work()
    keys = keys_of(mailbox)
    yes = {key for key, to in keys.items() if purpose_of(to.view_name) == "question"}
    [no] = [key for key, to in keys.items() if to.view_name == "supporters:denial"]
    path = reverse("supporters:denial", args=[no])

    for typed in (None, {}, {"undo": ""}):
        answers = [client.get(path), client.post(path, typed or {}), client.get(path)]
        for answer in answers:
            held = f"{answer.get('Location', '')} {answer.text}"
            assert not re.search(r"/confirmation/", held)
            assert not any(key in held for key in yes)


def test_the_key_that_stops_a_follow_stands_in_no_link_that_signs(mailbox, work):
    campaign = make_petition().campaign
    make_follow(campaign, "bo@mail.example")
    following = make_petition(slug="next").campaign
    Mailing.objects.send(make_update(campaign, follow_up=following), by=None)
    work()

    stopping = set(Follow.objects.values_list("key", flat=True))
    signing = [
        k for k, to in keys_of(mailbox).items() if to.view_name == "petitions:next"
    ]

    assert signing
    assert not any(stop in key for key in signing for stop in stopping)
