"""No page is wider than a small phone where texts are longer, or run from the right."""

from urllib.parse import urlsplit

import pytest

from tests.hostile import undone
from tests.translations.conftest import (  # noqa: F401
    addresses,
    client,
    known,
    no_limit,
    pending,
    pseudo_catalogs,
    speaking,
    world,
)
from tests.translations.pseudo import ACCENTED, ARABIC
from tests.translations.test_no_english import PUBLIC

PARTS = 8
TOO_WIDE = """
() => {
  const wide = document.documentElement.scrollWidth - 320
  if (wide <= 0 && innerWidth <= 320) return []
  const out = [...document.body.querySelectorAll("*")].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect()
    return width && (right > 320.5 || left < -0.5)
  })
  return [`${wide} px too wide`, ...out.slice(-3).map((e) => e.outerHTML.slice(0, 120))]
}
"""


@pytest.fixture
def screen():
    return {"viewport": {"width": 320, "height": 640}, "is_mobile": True}


@pytest.fixture
def tab(page, context, client, live_server):  # noqa: F811
    """A tab in the browser of the client, with its cookies."""
    client.defaults["HTTP_HOST"] = urlsplit(live_server.url).netloc
    cookies = client.cookies.items()
    context.add_cookies(
        [{"name": n, "value": c.value, "url": live_server.url} for n, c in cookies]
    )
    return page


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(("language", "way"), [(ACCENTED, "ltr"), (ARABIC, "rtl")])
def test_each_page_fits_a_small_phone(request, language, way, part):
    # The campaign is made in the first language of the site.
    request.getfixturevalue("speaking")(language)
    names = ("client", "addresses", "tab")
    visitor, filled_in, tab = map(request.getfixturevalue, names)
    wide, ways, seen = {}, set(), 0
    for route in PUBLIC[part::PARTS]:
        for path in filled_in(route):
            with undone():
                answer = visitor.get(path)
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                tab.goto(path)
                ways.add(tab.evaluate("document.dir"))
                seen += 1
                if found := tab.evaluate(TOO_WIDE):
                    wide[path] = found
                break

    assert seen
    assert ways == {way}
    assert wide == {}
