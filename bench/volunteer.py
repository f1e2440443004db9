"""How long a volunteer needs to translate the demo campaign.

`bin/python bench/volunteer.py` takes the demo's Spanish texts out, opens a volunteer's
link in a Chromium and types them into the real pages, key by key, and hands them in.
What the pages take is measured. To it comes what a person takes: reading each text,
typing its words, and a moment before each field and each press (decision 63). It fails
when that is more than half an hour.
"""

import re
import sys
import time
from html import unescape

from library import figures, program, rows, servers
from playwright.sync_api import expect, sync_playwright

LANGUAGE, MOST_MINUTES = "es", 30
# The averages of people at keyboards (Dhakal 2018) and on phones (Palin 2019).
WORDS_A_MINUTE = {1440: 51.6, 390: 36.2}
READ_A_MINUTE = 200
SECONDS_A_FIELD, SECONDS_A_PRESS = 3, 8


def take_out():
    """The texts of each part, as somebody types them; readers have them no more."""
    import django

    django.setup()
    from campaigns.models import CampaignText, UpdateText
    from letters.models import LetterText
    from translations.parts import Translation

    texts = {
        part.slug: {pair.name: typed(pair.words) for pair in part.pairs}
        for part in Translation(rows.open_petition().campaign, LANGUAGE).parts
    }
    for model in (CampaignText, UpdateText, LetterText):
        model.objects.filter(language=LANGUAGE).delete()
    return texts


def new_link():
    """The path of a volunteer's link, before anything is translated."""
    import django

    django.setup()
    from translations.models import TranslatedText, TranslationRequest
    from translations.requests import in_days

    TranslatedText.objects.all().delete()
    asked = TranslationRequest.objects.ask(
        campaign=rows.open_petition().campaign, language=LANGUAGE, ends_at=in_days(1)
    )
    return f"/translations/{asked.key}/"


def typed(words):
    """A text as it is typed into a field, or into the editor: without HTML."""
    lines = re.sub(r"</(p|h\d|li)>\s*", "\n\n", words)
    return unescape(re.sub(r"<[^>]+>", "", lines)).strip()


class Volunteer:
    """Somebody at the pages, with the seconds that a person takes beside them."""

    def __init__(self, page, width):
        self.page, self.speed = page, WORDS_A_MINUTE[width]
        self.of_person = 0

    def press(self, button):
        self.of_person += SECONDS_A_PRESS
        button.click()
        self.page.wait_for_load_state()

    def write(self, name, words):
        text = self.page.locator(f"#of-{name}")
        source = text.locator(f"#source-{name}").inner_text()
        self.of_person += SECONDS_A_FIELD
        self.of_person += len(source.split()) / READ_A_MINUTE * 60
        self.of_person += len(words.split()) / self.speed * 60
        editor = text.locator("[contenteditable]")
        (editor if editor.count() else text.locator(f"#text-{name}")).click()
        self.page.keyboard.type(words)


def translate(browser, width, address, texts):
    """All parts from the link on; minutes of the pages and of the person."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    began = time.monotonic()
    page.goto(address)
    volunteer = Volunteer(page, width)
    volunteer.press(page.locator("main form [type=submit]").first)
    for number, (slug, part) in enumerate(texts.items(), 1):
        expect(page).to_have_url(re.compile(f"/texts/{slug}/"))
        for name, words in part.items():
            if words:
                volunteer.write(name, words)
        expect(page.locator("keep-typed output")).not_to_be_empty(timeout=30_000)
        last = number == len(texts)
        volunteer.press(page.locator(f"[name={'hand-in' if last else 'go-on'}]"))
    expect(page).to_have_url(re.compile("/thanks/"))
    seconds = time.monotonic() - began
    context.close()
    return seconds / 60, volunteer.of_person / 60


def main():
    from browser import find_browser  # of bin/, which is known by now

    options = program.options(__doc__)
    found, late = [], False
    with servers.running(servers.demo) as started:
        texts = program.apart(take_out)
        web = started.start_gunicorn("site", "campaign_site.wsgi")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_browser(), args=["--no-sandbox"]
            )
            for width, speed in WORDS_A_MINUTE.items():
                address = f"http://127.0.0.1:{web.port}{program.apart(new_link)}"
                pages, person = translate(browser, width, address, texts)
                words = sum(len(t.split()) for p in texts.values() for t in p.values())
                total = pages + person
                figure = f"{total:.1f} min, {pages:.1f} of the pages; {words} words"
                name = f"at {width} px, {speed} words a minute"
                found.append((name, f"{MOST_MINUTES} min", figure, ""))
                print(name, figure, flush=True)
                late |= total > MOST_MINUTES
            browser.close()
    figures.publish("volunteer", found, options)
    if late:
        sys.exit("WRONG: a volunteer needs more than half an hour")


if __name__ == "__main__":
    program.run(main)
