"""No page or mail is wider than a small phone, in whatever language it speaks.

The languages of the site are tried, and two made-up ones, whose texts are longer. The
whole page runs from the right where its language does, axe finds nothing, and where
the language has other letters than English no word of English is left.
"""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as of_the_site
from django.urls import clear_url_caches

from outbox import samples
from tests.browser.test_accessible import EVERYTHING, RULES
from tests.hostile import FORMS, path_of, undone
from tests.translations.conftest import (  # noqa: F401
    addresses,
    client,
    doors,
    known,
    no_limit,
    pending,
    pseudo_catalogs,
    speaking,
    world,
)
from tests.translations.left import english, texts_of, typed
from tests.translations.pseudo import ARABIC, LETTERS
from tests.translations.test_no_english import PUBLIC, for_people

PARTS = 8
HTML = {"Content-Type": "text/html; charset=utf-8"}
SMALL, USUAL = 320, 390
LANGUAGES = [*LETTERS, *dict(of_the_site.LANGUAGES)]
FROM_THE_RIGHT = {"ar", ARABIC}
# Letters of these languages: a text without any of them is not in the language.
LETTERS_OF = {
    "ar": re.compile("[\u0600-\u06ff]"),
    "ja": re.compile("[\u3040-\u30ff\u4e00-\u9fff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
}
# What is no page for the public: files, and what programs and staff ask for.
NO_PAGES = re.compile(r"(api|branding|media)/|metrics|oembed|.*(\.csv|/po/file/)$")
# What axe finds, and what a form does that comes back, depends on a language by its
# direction and the length of its words (decision 60).
FOR_AXE, FOR_FORMS = {"ar", "de", "ja"}, ["ar", "de"]
# What languages call themselves, in choices and in the row at the foot of each page.
OWN = dict(of_the_site.LANGUAGES).values()
OWN_NAMES = re.compile(r'<nav class="languages".*?</nav>', re.DOTALL)
TOO_WIDE = """
(wanted) => {
  const wide = document.scrollingElement.scrollWidth - wanted
  if (wide <= 0 && innerWidth <= wanted) return []
  const out = [...document.body.querySelectorAll("*")].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect()
    return width && (right > wanted + 0.5 || left < -0.5)
  })
  return [`${wide} px too wide`, ...out.slice(-3).map((e) => e.outerHTML.slice(0, 120))]
}
"""
# What does not run as the page does, although nobody has said so in its HTML.
OTHER_WAYS = """
(way) => [...document.querySelectorAll("body, body *")].filter((element) =>
  !element.closest("[dir]:not(html), [lang]:not(html), svg, input, textarea, bdi, bdo")
  && (getComputedStyle(element).direction !== way
    || ["left", "right"].includes(getComputedStyle(element).textAlign))
).map((e) => e.outerHTML.slice(0, 120))
"""


@pytest.fixture
def screen():
    return {"viewport": {"width": SMALL, "height": 640}, "is_mobile": True}


@pytest.fixture
def speaks(settings, request):
    """Makes a language the first of the site, and of the campaigns that follow."""

    def speaks(language):
        if language in LETTERS:
            return request.getfixturevalue("speaking")(language)
        settings.LANGUAGE_CODE = language
        clear_url_caches()  # Django keeps addresses by language, with or without it
        settings.LANGUAGES = sorted(
            settings.LANGUAGES, key=lambda each: each[0] != language
        )

    yield speaks
    clear_url_caches()


@pytest.fixture
def tab(page, context, client, live_server):  # noqa: F811
    """A tab in the browser of the client, with its cookies."""
    client.defaults["HTTP_HOST"] = urlsplit(live_server.url).netloc
    cookies = client.cookies.items()
    context.add_cookies(
        [{"name": n, "value": c.value, "url": live_server.url} for n, c in cookies]
    )
    return page


def faults_of(tab, language):
    """What is wrong with the page that is open, small and as wide as most phones."""
    way = "rtl" if language in FROM_THE_RIGHT else "ltr"
    faults = []
    for width in (SMALL, USUAL):
        tab.set_viewport_size({"width": width, "height": 640})
        faults += [f"{width}: {each}" for each in tab.evaluate(TOO_WIDE, width)]
    if (is_way := tab.evaluate("document.dir")) != way:
        faults.append(f"it runs {is_way or 'nowhere'}")
    faults += [f"not {way}: {each}" for each in tab.evaluate(OTHER_WAYS, way)[:3]]
    if language in FOR_AXE:
        tab.evaluate(Axe().axe_script)
        faults += tab.evaluate(EVERYTHING, RULES)
    return faults


def left_of(page, language, known):  # noqa: F811
    """The texts of a page that are in English, and that nobody has typed."""
    if not (own := LETTERS_OF.get(language)):
        return []
    texts = texts_of(OWN_NAMES.sub("", page))
    return english({text for text in texts if not own.search(text)}, known)


@pytest.mark.release
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_is_right_on_a_small_phone(request, speaks, language, part):
    # The campaign is made in the first language of the site.
    speaks(language)
    names = ("client", "addresses", "tab")
    visitor, filled_in, tab = map(request.getfixturevalue, names)
    wrong, missed, known = [], [], typed(*OWN)  # noqa: F811
    for route in PUBLIC[part::PARTS]:
        leads = bool(NO_PAGES.match(route))
        for path in filled_in(route):
            with undone():
                answer = visitor.get(path)
            # Without a page of its own, it leads to one, or takes what a form posts.
            leads |= answer.status_code in (200, 302, 405)
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                tab.goto(path)
                found = faults_of(tab, language)
                found += left_of(answer.text, language, known)
                wrong += [f"{path}: {fault}" for fault in found]
                break
        if not leads:
            missed.append(route)

    assert missed == []
    assert wrong == []


@pytest.mark.release
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", FOR_FORMS)
def test_each_form_that_comes_back_is_right_on_a_small_phone(
    request, speaks, live_server, language, part
):
    speaks(language)
    visitor, tab = map(request.getfixturevalue, ("client", "tab"))
    waiting, wrong, shown = request.getfixturevalue("pending"), [], ""
    tab.route("**/came-back/", lambda route: route.fulfill(body=shown, headers=HTML))
    for form in [*FORMS.values()][part::PARTS]:
        with undone():
            answer = visitor.post(path_of(form, waiting), {}, follow=True)
        if "html" in answer.get("Content-Type", ""):
            shown = answer.text
            tab.goto("/came-back/")
            found = faults_of(tab, language)
            wrong += [f"{form.path}: {fault}" for fault in found]

    assert shown
    assert wrong == []


@pytest.mark.release
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_is_right_on_a_small_phone(page, speaks, language):
    speaks(language)
    wrong = []

    for name in for_people():
        [(written, _kind)] = samples.write(name, language).alternatives
        page.set_content(written)
        wrong += [
            f"{name}: {fault}"
            for fault in faults_of(page, language)
            # Mail programs put a mail into a page of their own.
            if not fault.startswith(("region", "landmark"))
        ]

    assert wrong == []


def test_what_is_wrong_would_be_found(page):
    page.set_content(
        """<!doctype html><html lang="ar" dir="rtl"><title>خطأ</title>
        <meta name="viewport" content="width=device-width">
        <main><h1>خطأ</h1>
        <p style="width: 500px; margin: 0; direction: ltr">Hello</p></main>"""
    )

    found = faults_of(page, "ar")

    assert found[0] == "320: 188 px too wide"
    assert [fault for fault in found if fault.startswith("not rtl: <p")]
    assert left_of("<p>Hello</p>", "ar", typed()) == ["Hello: Hello"]
    assert "it runs rtl" in faults_of(page, "de")
