"""Whatever two colours a group chooses, CSS makes of them what can be read."""

import re

import pytest
from django.conf import settings

from branding import colours
from branding.colours import contrast
from tests.branding.test_colours import PAIRS

# Text and ground that the design relies on, in both schemes, and below on a dark band.
READ = [
    *((ink, ground) for ink in ("text", "text-soft") for ground in ("page", "surface")),
    *(("text", ground) for ground in ("tint", "tint-strong")),
    *(("link", ground) for ground in ("page", "surface", "tint", "tint-strong")),
    *(("link-hover", ground) for ground in ("page", "tint-strong")),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-mark", "mark"),
    ("on-strong", "strong-bg"),
    ("sheet-text", "sheet"),
    ("sheet-soft", "sheet"),
]
SEEN = [("accent-edge", "surface"), ("accent-edge", "tint"), ("line-strong", "page")]
READ_ON_NIGHT = [
    *(("text", night) for night in ("night", "night-950", "night-800")),
    ("text-soft", "night"),
    *(("light", night) for night in ("night", "night-800")),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
]
SEEN_ON_NIGHT = [("accent", "night"), ("accent", "night-800")]
# The colour that a browser paints for each name, in the page and on a dark band.
PAINTED = """names => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true})
  const painted = at => Object.fromEntries(names.map(name => {
    at.style.color = `var(--${name})`
    pen.fillStyle = getComputedStyle(at).color
    pen.fillRect(0, 0, 1, 1)
    const parts = [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)
    return [name, "#" + parts.map(part => part.toString(16).padStart(2, "0")).join("")]
  }))
  return ["#page", "#band"].map(at => painted(document.querySelector(at)))
}"""


@pytest.mark.parametrize(("primary", "accent"), PAIRS)
def test_a_browser_paints_every_pair_readable(browser, primary, accent):
    tokens = (settings.ROOT / "static/css/tokens.css").read_text("utf-8")
    tokens = re.sub(r"@font-face {[^}]*}", "", tokens)
    sheets = tokens, colours.stylesheet(primary, accent)
    styles = "".join(f"<style>{sheet}</style>" for sheet in sheets)
    body = '<p id="page">Page</p><div class="hero"><p id="band">Band</p></div>'
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.set_content(f"<!doctype html><title>Colours</title>{styles}{body}")
        names = {name for pair in READ + SEEN for name in pair}
        names |= {name for pair in READ_ON_NIGHT + SEEN_ON_NIGHT for name in pair}
        on_page, on_band = page.evaluate(PAINTED, sorted(names))
        page.close()
        for found, read, seen in (
            (on_page, READ, SEEN),
            (on_band, READ_ON_NIGHT, SEEN_ON_NIGHT),
        ):
            for pairs, least in ((read, 4.5), (seen, 3)):
                for one, other in pairs:
                    ratio = contrast(found[one], found[other])
                    assert ratio >= least, (scheme, one, other, found, ratio)
