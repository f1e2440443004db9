"""axe finds nothing, and nothing is wider than the window, on any page in any state."""

import re
from inspect import isgenerator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from campaigns.models import Campaign
from outbox import samples
from tests.answers import subject
from tests.browser import states
from tests.browser.states import signing
from tests.browser.visitor import heading
from tests.letters.makers import write as write_letter

# "target-size" is off by default, and part of WCAG 2.2 AA, which we promise.
RULES = {
    "target-size": {"enabled": True},
    "color-contrast": {"enabled": False},  # COLOURS looks at it
}
# Each size and each theme once. On a wide screen stand the same elements, and a theme
# changes the colours of a page and nothing else about it.
VIEWS = (
    ({"width": 390, "height": 844}, "light", RULES),
    ({"width": 1440, "height": 900}, "dark", None),
)
# All of a mail, as most read it: a mail program keeps its size and its theme.
VIEWS_OF_MAILS = [(VIEWS[0][0], theme, RULES) for theme in ("light", "dark")]
LOOK = """
const look = async (where, options) => {
  const only = { preload: false, resultTypes: ["violations"] }
  const { violations } = await axe.run(where, { ...options, ...only })
  return violations.map(({ id, nodes }) => `${id} at ${nodes[0].target}`)
}
"""
EVERYTHING = f"async (rules) => {{ {LOOK} return look(document, {{ rules }}) }}"
# A text is told from others by what its contrast comes of: its own colours and letters
# and what it lies on. One of each kind is looked at, on the first page that has it.
COLOURS = f"""
async (known) => {{
  {LOOK}
  const seen = new Set(known), styles = new Map(), found = []
  const written = (element, names) => {{
    const style = getComputedStyle(element)
    return names.map((name) => style[name]).join()
  }}
  const ground = (element) => {{
    if (!element) return ""
    if (!styles.has(element)) styles.set(element, ground(element.parentElement) + "/" +
      written(element, ["backgroundColor", "backgroundImage", "opacity", "filter",
        "mixBlendMode", "position", "float", "visibility", "display"]))
    return styles.get(element)
  }}
  for (const element of document.body.querySelectorAll("*")) {{
    const has_text = [...element.childNodes].some((node) =>
      node.nodeType === Node.TEXT_NODE && node.data.trim())
    if (!has_text && !element.matches("input, select, textarea")) continue
    const kind = element.tagName + ground(element) + written(element, ["color",
      "fontSize", "fontWeight", "textShadow", "textIndent", "webkitTextStroke"])
    if (!seen.has(kind)) found.push(element)
    seen.add(kind)
  }}
  if (!found.length) return [[...seen], []]
  const options = {{ runOnly: ["color-contrast"] }}
  return [[...seen], await look({{ include: found }}, options)]
}}
"""
# What HTML calls a valid date, or moment with its offset.
WRONG_TIMES = r"""
[...document.querySelectorAll("time")].map((time) => time.dateTime).filter((text) =>
  !/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text))
"""
known_colours = {"light": [], "dark": []}


def stops(page, state):
    """Open a state, or go on a walk: the name of each place where it stops."""
    opened = state(page)
    return opened if isgenerator(opened) else [state.__name__]


def faults_of(page, views=VIEWS):
    """What is wrong with the page that is open, small and light, wide and dark."""
    faults = [f"no valid time: {time}" for time in page.evaluate(WRONG_TIMES)]
    page.evaluate(Axe().axe_script)
    for size, theme, rules in views:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        view = f"{size['width']} {theme}"
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            faults.append(f"{view}: {wide} px wider than the window")
        found = page.evaluate(EVERYTHING, rules) if rules else []
        known, pale = page.evaluate(COLOURS, known_colours[theme])
        if not pale:  # else they would be known to the next page, where they are, too
            known_colours[theme] = known
        faults += [f"{view}: {fault}" for fault in found + pale]
    return faults


def faults_of_mail(page, html, views=VIEWS):
    """What is wrong with the HTML of a mail."""
    page.goto("about:blank")
    page.set_content(html)
    # A mail has no landmarks: mail programs put it into a page of their own.
    return [f for f in faults_of(page, views) if not re.search("region|landmark", f)]


def faults_of_sent(page, mail, link):
    """The same of a mail that has come, which shows this link."""
    faults = faults_of_mail(page, mail.get_body(("html",)).get_content())
    expect(page.get_by_role("link", name=link)).to_be_visible()
    return faults


@pytest.mark.parametrize("state", states.ALL, ids=lambda state: state.__name__)
def test_everybody_can_use(page, state):
    for name in stops(page, state):
        assert faults_of(page) == [], name


def test_everybody_can_use_the_page_that_asks_to_wait(page, settings):
    settings.LIMIT_POSTS_A_MINUTE = 0
    signing.sign_form(page)
    page.get_by_role("button", name="Sign the petition").click()
    expect(heading(page)).to_have_text("Please wait a moment")

    assert faults_of(page) == []


def test_everybody_can_use_the_page_for_our_own_faults(
    page, faults, monkeypatch, caplog
):
    monkeypatch.setattr(Campaign.objects, "order_by", None)
    page.goto("/")
    expect(heading(page)).to_have_text("Something broke on our side")

    assert faults_of(page) == []
    assert [fault[:4] for fault in faults] == ["500:"]
    faults.clear()


def test_everybody_can_read_the_mail(page, mailbox, work):
    signing.inbox(page)
    work()

    assert faults_of_sent(page, mailbox.last(), "Open the page to confirm") == []


def test_everybody_can_read_the_mails_about_letters(page, mailbox, work):
    name, text = "محمد علي", f"{'Dear Council! ' * 50}\n\n{'x' * 300}\n\nمحمد علي"
    letter = write_letter(name=name, text=text, subject="S" * 150)
    work()
    letter.confirm()
    mailbox.refuse("ward2@council.example", "550 5.1.1 " + "y" * 200)
    work()

    links = {
        "Confirm your letter": "See and send my letter",
        "A copy of your letter": "See what happens to my letter",
        "Your letter did not reach everybody": "See what happened with the others",
        "Emails to Council Member, Ward 2 come back": "Open this person",
    }
    mails = {subject(m): m for m in mailbox.messages if subject(m) in links}
    assert set(mails) == set(links)
    for about, mail in mails.items():
        assert faults_of_sent(page, mail, links[about]) == []


@pytest.mark.release
def test_everybody_can_read_every_mail_in_both_themes(page):
    faults = {
        name: faults_of_mail(page, html, VIEWS_OF_MAILS)
        for name in samples.names()
        for html, _kind in samples.write(name, "en").alternatives
    }

    assert {name: found for name, found in faults.items() if found} == {}


def test_what_is_wrong_would_be_found(page):
    page.set_content(
        """<!doctype html><html lang="en"><title>Wrong</title>
        <style>
          @media (prefers-color-scheme: dark) { p { color: #ddd } }
          @media (max-width: 400px) { p { width: 500px } }
        </style>
        <main><h1>Wrong</h1><p>Pale <a href="/">link</a></p><img src="data:,"></main>"""
    )

    assert [fault.partition(" at")[0] for fault in faults_of(page, VIEWS)] == [
        "390 light: 118 px wider than the window",
        "390 light: image-alt",
        "1440 dark: color-contrast",
    ]
