"""In another language, no English is left on a public page or in a mail.

Two pseudo-languages (pseudo.py) mark what is translated. What people typed, and names,
are in no language of ours.
"""

import re

import pytest
from django.urls import Resolver404, resolve
from django.utils import timezone

from outbox import samples
from pages.languages import KEYS
from supporters.models import Mailing, UpdateForFollower
from tests.factories import (
    make_counted,
    make_follow,
    make_letter,
    make_petition,
    make_update,
    write_comment,
)
from tests.hostile import FORMS, path_of, undone
from tests.hostile.generator import routes
from tests.letters.makers import confirmed
from tests.supporters.my_page import enter
from tests.translations import pseudo
from tests.translations.left import (
    english,
    of_programs,
    of_the_desk,
    texts_of,
    typed,
)
from tests.translations.pseudo import ACCENTED, messages

# One process makes the catalogs of the pseudo-languages.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("translations"),
]
PUBLIC = sorted(
    route for route in set(routes()) if not route.startswith(("admin/", "development/"))
)
FRAMED, MAIN, ROW = '<body class="framed ', '<main id="main"', '<nav class="languages"'
# CLDR names languages, and has no pseudo-language.
LANGUAGES = {"Arabic", "English", "Spanish"}
# What is typed into the forms.
IN_FORMS = LANGUAGES | {
    line.strip()
    for form in FORMS.values()
    for value in form.good.values()
    for line in value.splitlines()
}


@pytest.fixture(autouse=True)
def in_accents(speaking):
    speaking(ACCENTED)


@pytest.fixture
def look(client, in_accents):
    """Says what is wrong with the pages of these answers.

    Each page has a row of the languages; not in a frame (decision 74), and not by a key
    if the campaign has no texts in another one (test_keys_in_languages.py).
    """

    def look(responses):
        known, seen, faults, pages = typed(*IN_FORMS), set(), [], 0
        for response in responses:
            if "html" in response.get("Content-Type", ""):
                pages += 1
                texts = texts_of(response.text) - seen
                seen |= texts
                path = response.request["PATH_INFO"]
                wrong = english(texts, known) + of_the_desk(texts)
                wrong += of_programs(response.text)
                is_whole = MAIN in response.text and FRAMED not in response.text
                if is_whole and not by_key(path) and ROW not in response.text:
                    wrong.append("no row of languages")
                faults += [f"{path}: {fault}" for fault in wrong]
        assert pages
        return faults

    return look


def by_key(path):
    try:
        return not KEYS.isdisjoint(resolve(path).kwargs)
    except Resolver404:
        return False


def test_no_english_is_left_on_a_public_page(client, addresses, look):
    def answers():
        for route in PUBLIC:
            for path in addresses(route):
                with undone():
                    yield client.get(path)

    assert look(answers()) == []


def test_no_english_is_left_after_a_form(client, pending, look):
    def answers():
        for form in FORMS.values():
            path = path_of(form, pending)
            for data in ({}, form.good):
                with undone():
                    yield client.post(path, data, follow=True)

    assert look(answers()) == []


def test_no_english_is_left_on_my_page_and_in_its_file(client, look, mailbox, work):
    petition = make_petition()
    consents = [("signature", "1", "1")]
    make_counted(petition, email="ada@mail.example", consents=consents)
    confirmed(make_letter(petition.campaign), email="ada@mail.example")
    write_comment(petition.campaign, "1")
    make_follow(None).stop()
    follow = make_follow(petition.campaign)
    mailing = Mailing.objects.create(update=make_update(petition.campaign))
    UpdateForFollower.objects.create(
        mailing=mailing, supporter=follow.supporter, due_at=timezone.now()
    )
    path = enter(client, mailbox, work)

    pages = [client.get(path), client.get(f"{path}export/")]
    words = re.findall(r'"([^"]+)": ', client.get(f"{path}export.json").text)

    assert look(pages) == []
    assert len(set(words)) > 30
    assert english({*words}, typed()) == []


def for_people():
    return [
        name
        for name in samples.names()
        if not messages.FOR_STAFF.fullmatch(f"templates/emails/{name}.txt")
    ]


def test_no_english_is_left_in_a_mail():
    # These stand in the samples.
    in_samples = ("Maria Silva", "Maria", "Bo", "Di", "Min-ji", "Portugal")
    known, faults = typed(*in_samples, *LANGUAGES), []
    assert len(for_people()) > 25

    for name in for_people():
        message = samples.write(name, ACCENTED)
        [(page, _kind)] = message.alternatives
        lines = {*message.body.splitlines(), message.subject}
        left = english(lines | texts_of(page), known)
        faults += [f"{name}: {fault}" for fault in left]

    assert faults == []


def test_what_is_wrong_would_be_found():
    page = '<p title="Read me">⟦Ĥéļļó⟧ <b>there</b></p><p>⟪Šáṽé⟫</p><code>x y</code>'
    texts = texts_of(page)

    assert english(texts, typed()) == ["Read me: Read me", "there: there"]
    assert of_the_desk(texts) == ["⟪Šáṽé⟫"]


@pytest.mark.parametrize("language", pseudo.LETTERS)
def test_what_a_program_reads_stays_as_it_is(language):
    text = "Hello %(name)s, <a href='x'>see</a> {this} &amp; %d %%"

    said = pseudo.pseudo(text, language)

    assert pseudo.AS_IT_IS.findall(said) == pseudo.AS_IT_IS.findall(text)
    assert "Hello" not in said
