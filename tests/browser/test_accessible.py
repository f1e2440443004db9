"""axe finds nothing, and nothing is wider than the window, on any page in any state."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from campaigns.models import Campaign
from tests.browser import states
from tests.browser.visitor import heading
from tests.letters.makers import write as write_letter

# "target-size" is off by default, and part of WCAG 2.2 AA, which we promise.
EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": ["color-contrast"]}
# Each size and each theme once. On a wide screen stand the same elements, and a theme
# changes the colours of a page and nothing else about it.
VIEWS = (
    ({"width": 390, "height": 844}, "light", EVERYTHING),
    ({"width": 1440, "height": 900}, "dark", COLOURS),
)
LOOK = """
async (options) => {
  const only = { preload: false, resultTypes: ["violations"] }
  const { violations } = await axe.run({ ...options, ...only })
  return violations.map(({ id, nodes }) => `${id} at ${nodes[0].target}`)
}
"""


@pytest.fixture
def tolerated(request):
    # As in test_staff.py: the editor's own <style>.
    has_editor = "guided_form" in request.node.name
    return ["Applying inline style violates"] if has_editor else []


def faults_of(page):
    """What is wrong with the page that is open, small and light, wide and dark."""
    faults = []
    page.evaluate(Axe().axe_script)
    for size, theme, options in VIEWS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        view = f"{size['width']} {theme}"
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            faults.append(f"{view}: {wide} px wider than the window")
        faults += [f"{view}: {found}" for found in page.evaluate(LOOK, options)]
    return faults


def faults_of_mail(page, mail, link):
    """What is wrong with the HTML of a mail, which shows this link."""
    page.goto("about:blank")
    page.set_content(mail.get_body(("html",)).get_content())
    expect(page.get_by_role("link", name=link)).to_be_visible()
    # A mail has no landmarks: mail programs put it into a page of their own.
    return [f for f in faults_of(page) if not re.search("region|landmark", f)]


@pytest.mark.parametrize("state", states.ALL, ids=lambda state: state.__name__)
def test_everybody_can_use(page, state):
    state(page)

    assert faults_of(page) == []


def test_everybody_can_use_the_page_that_asks_to_wait(page, settings):
    settings.LIMIT_POSTS_A_MINUTE = 0
    states.sign_form(page)
    page.get_by_role("button", name="Sign the petition").click()
    expect(heading(page)).to_have_text("Too many at once")

    assert faults_of(page) == []


def test_everybody_can_use_the_page_for_our_own_faults(
    page, faults, monkeypatch, caplog
):
    monkeypatch.setattr(Campaign.objects, "in_language", None)
    page.goto("/")
    expect(heading(page)).to_have_text("Something broke on our side")

    assert faults_of(page) == []
    assert [fault[:4] for fault in faults] == ["500:"]
    faults.clear()


def test_everybody_can_read_the_mail(page, mailbox, work):
    states.inbox(page)
    work()

    assert faults_of_mail(page, mailbox.last(), "Confirm my name") == []


def test_everybody_can_read_the_mails_about_letters(page, mailbox, work):
    name, text = "محمد علي", f"{'Dear Council! ' * 50}\n\n{'x' * 300}\n\nمحمد علي"
    letter = write_letter(name=name, text=text, subject="S" * 150)
    work()
    letter.confirm()
    mailbox.refuse("ward2@council.example", "550 5.1.1 " + "y" * 200)
    work()

    links = {
        "Confirm your letter": "See and send my letter",
        "A copy of your letter": "What became of my letter",
        "Your letter did not reach everybody": "Open the letter page",
        "Mail to Council Member, Ward 2 comes back": "Open the list",
    }
    mails = {m["Subject"]: m for m in mailbox.messages if m["Subject"] in links}
    assert set(mails) == set(links)
    for subject, mail in mails.items():
        assert faults_of_mail(page, mail, links[subject]) == []


def test_what_is_wrong_would_be_found(page):
    page.set_content(
        """<!doctype html><html lang="en"><title>Wrong</title>
        <style>
          @media (prefers-color-scheme: dark) { p { color: #ddd } }
          @media (max-width: 400px) { p { width: 500px } }
        </style>
        <main><h1>Wrong</h1><p>Pale <a href="/">link</a></p><img src="data:,"></main>"""
    )

    assert [fault.partition(" at")[0] for fault in faults_of(page)] == [
        "390 light: 118 px wider than the window",
        "390 light: image-alt",
        "1440 dark: color-contrast",
    ]
