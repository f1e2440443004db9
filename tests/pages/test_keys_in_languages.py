"""What somebody was mailed is the same page in another language, with its key."""

import pytest
from django.core.cache import cache
from django.urls import get_resolver, resolve, translate_url
from django.utils.translation import override

from campaigns.models import address
from pages.languages import ANY_KEY, KEYS
from tests.factories import (
    ask_volunteer,
    make_campaign,
    make_counted,
    make_letter,
    make_petition,
    make_text,
    sign,
)
from tests.pages.test_languages import ALTERNATE, row
from tests.rooms import with_volunteers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("pt-br", "Português")]
    yield
    address.learn()


@pytest.fixture
def petition():
    petition = make_petition(make_campaign(slug="bucheon", title="Close the market"))
    make_letter(petition.campaign)
    make_text(petition.campaign, "ko", title="시장을 닫아 주세요")
    return petition


def test_each_page_of_a_signature_is_the_same_in_korean(
    client, petition, mailbox, work
):
    waiting = sign(petition)
    [counted] = make_counted(petition, 1)
    work()
    question = mailbox.path_to("confirmation")
    denial = mailbox.path_to("denial")
    taken_back = f"/bucheon/signatures/{counted.withdrawal_key}/withdrawal/"
    used = counted.confirmation

    for path in (waiting.inbox_url, question, denial, taken_back):
        page = client.get(path)
        there = {code: to for to, code in leads_to(page)}
        assert page.status_code == 200, path
        # The campaign has no texts in Portuguese: the way there would lead home.
        assert set(there) in ({"en", "ko"}, {"en", "ko", "pt-br"}), path
        assert "/pt-br/" not in there.values(), path
        assert there["en"] == path
        with override("en"):
            assert there["ko"] == translate_url(path, "ko")
        assert there["ko"].startswith("/ko/sijang/") or "questions" in path
        korean = client.get(there["ko"])
        assert korean.status_code == 200, there
        assert '<html lang="ko"' in korean.text
        assert {code: to for to, code in leads_to(korean)}["en"] == path
        for each in (page, korean):
            assert ALTERNATE.findall(each.text) == []
            assert ANY_KEY not in each.text
    assert used.used_at


def leads_to(page):
    codes = {"English": "en", "한국어": "ko", "Português": "pt-br"}
    return [(to, codes[name]) for to, name, _here in row(page.text)]


def test_no_key_is_shown_to_who_comes_after(client, petition):
    first, second = sign(petition), sign(petition, email="zoe@mail.example")

    pages = [client.get(each.inbox_url).text for each in (first, second)]

    assert first.confirmation.page_token in pages[0]
    assert first.confirmation.page_token not in pages[1]
    assert first.confirmation.page_token not in str(list(cache._cache))


@pytest.mark.usefixtures("petition")
def test_a_key_of_signs_is_quoted(client):
    page = client.get('/bucheon/signatures/"><b>/confirmation/')

    assert page.status_code in (404, 410)
    assert '"><b>' not in page.text


@pytest.mark.usefixtures("petition")
def test_every_page_by_key_leads_to_itself(client):
    """All routes with a key alone; nobody is led home from what they were mailed."""
    found = list(routes(get_resolver().url_patterns))
    assert len(found) > 40
    for path in found:
        answer = client.get(path)
        for to, code in leads_to(answer):
            with override(code):
                view = resolve(to).view_name
            assert view == resolve(path).view_name
            assert to.endswith(path.rpartition("/bucheon")[2])


def test_a_key_of_a_campaign_in_one_language_is_read_in_all(client):
    waiting = sign(make_petition(make_campaign(slug="one-language")))

    for path, code in leads_to(client.get(waiting.inbox_url)):
        page = client.get(path)
        assert page.status_code == 200
        assert f'<html lang="{code.partition("-")[0]}' in page.text
        assert waiting.confirmation.page_token in path


def routes(patterns, before=""):
    """Paths of all routes that have a key, and else a campaign or a number."""
    for each in patterns:
        here = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            if not here.startswith(("admin", "en/admin")):
                yield from routes(each.url_patterns, here)
            continue
        names = [f"<{kind}:{key}>" for kind in ("slug", "str") for key in KEYS]
        if not any(name in here for name in names):
            continue
        for name in names:
            here = here.replace(name, "some-key-of-nobody")
        here = here.replace("<campaign:slug>", "bucheon")
        here = here.replace("<int:pk>", "1").replace("<int:delivery>", "1")
        if "<" not in here:
            yield f"/{here}"


@with_volunteers
def test_a_volunteers_link_has_its_key_in_each_language(client, petition):
    path = f"/ko/translations/{ask_volunteer(petition.campaign).key}/"

    there = {code: to for to, code in leads_to(client.get(path))}

    assert there["en"] == path.removeprefix("/ko")
    assert client.get(there["en"]).status_code == 200
