"""The petition on paper: a cover, the ask, the totals, and the names in columns.

A file holds at most MOST_NAMES, and further names go into further files: a file is made
in memory, and nobody turns 1,000 pages.

It is made as PDF/UA asks (ISO 14289-1), for whoever has it read aloud: typst refuses to
make a file that is not.
"""

import re
import tempfile
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path

from django.utils.formats import date_format, number_format
from django.utils.html import strip_tags
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from branding.models import current
from branding.site import the_site
from campaigns.pictures import picture_files
from campaigns.pictures.typesetting import printable, typeset
from campaigns.templatetags.campaigns import event_dates
from pages.addresses import absolute_reverse
from pages.countries import country_of_clocks
from pages.languages import name_in

MOST_NAMES = 10_000
MOST_COUNTRIES = 24
PICTURE_WIDTH, PICTURE_HEIGHT = 78, 70  # mm, at most
# Where people print on US Letter, as CLDR says; elsewhere it is A4.
LETTER = (
    *("BZ", "CA", "CL", "CO", "CR", "GT", "MX"),
    *("NI", "PA", "PH", "PR", "SV", "US", "VE"),
)
TEMPLATE = Path(__file__).with_name("petition.typ")


def made(bundle, totals, names):
    """Make the files, one after the other; yields each, as bytes.

    `names` are (country's code, name, whether the name is initials only).
    """
    names = iter(names)
    petition = _Petition(bundle, totals)
    # Pictures are in it, and no names: a killed worker leaves it there.
    with tempfile.TemporaryDirectory() as folder:
        for volume in range(1, 2 + totals.shown // MOST_NAMES):
            some = islice(names, MOST_NAMES)
            first = next(some, None)
            if volume > 1 and first is None:
                return
            people = chain([first], some) if first else ()
            data = petition.volume(volume, people, Path(folder))
            yield typeset(TEMPLATE, data, folder, format="pdf", pdf_standards="ua-1")


class _Petition:
    """The texts of the files."""

    def __init__(self, bundle, totals):
        self.petition, self.campaign = bundle.petition, bundle.petition.campaign
        self.bundle, self.totals = bundle, totals
        self._countries = {
            code: f"{name}: {_number(number)}"
            for code, name, number in totals.countries
        }

    def volume(self, volume, people, folder):
        """What the template shows in one of the files; pictures go into the folder."""
        own = the_site().colours
        said = _("Page %(number)s of %(pages)s")
        if volume > 1:
            said = _("Part %(part)s, page %(number)s of %(pages)s")
        country = country_of_clocks(self.campaign.timezone)
        found = {
            "volume": volume,
            "paper": "us-letter" if country in LETTER else "a4",
            "language": self.campaign.language,
            "from_right": get_language_bidi(),
            "colours": {"deep": own["night_bright"], "bright": own["accent"]},
            "title": self.campaign.full_title,
            "author": the_site().name,
            "ask": self.petition.ask,
            "page": said % {"part": volume, "number": "#1", "pages": "#2"},
        }
        if volume == 1:
            found |= self._cover(folder) | self._facts()
        return {**_printed(found), "people": list(self._people(people))}

    def _cover(self, folder):
        ask = self.campaign.title_ask
        title = self.campaign.full_title
        number = self.totals.count
        words = ngettext(
            "<strong>%(number)s</strong> person has signed",
            "<strong>%(number)s</strong> people have signed",
            number,
        )
        before, number, after = re.split(
            "</?strong>", words % {"number": _number(number)}
        )
        today = date_format(self.campaign.today, "DATE_FORMAT")
        return {
            "logo": _logo(folder),
            "picture": self._picture(folder),
            # The dash of the full title stays, for those who search or listen.
            "cover": {"title": title.removesuffix(ask).rstrip(), "ask": ask},
            "count": {
                "number": number,
                "words": f"{before}{after}".strip(),
                "apart": list(self.totals.apart),
            },
            "foot": [
                the_site().contact_email,
                self._url("campaigns:campaign"),
                _("As of %s") % today,
            ],
            "words": {
                "petition": _("Petition"),
                "to": _("To %s") % self.bundle.to,
                "checked": _(
                    "Each person confirmed by email, or signed on paper. We did not "
                    "check who they are or where they live."
                ),
                "ask": _("What we ask"),
                "countries": _("Where people signed"),
                "cities": _("Cities with the most signers"),
                "names": _("Names"),
                "proof": _("A count that can be checked"),
                "proves": _("What this proves, and what it does not:"),
            },
        }

    def _picture(self, folder):
        campaign = self.campaign
        opened = picture_files.opened(campaign.picture, picture_files.LARGE)
        if opened is None:
            return None
        with opened:
            (folder / "picture.jpg").write_bytes(opened.read())
        sides = campaign.picture_width / campaign.picture_height
        return {
            "file": "picture.jpg",
            "width": min(PICTURE_WIDTH, PICTURE_HEIGHT * sides),
            "alt": campaign.picture_alt,
            "credit": campaign.picture_credit,
        }

    def _facts(self):
        """The ask, and how many people from where support it."""
        story = (
            (self._with_dates(_("What is happening")), self.campaign.happening),
            (_("What is wrong"), self.campaign.wrong),
            (_("What we ask for"), self.campaign.asked),
        )
        cities = self.totals.cities
        return {
            "earlier": list(self._earlier()),
            "story": [(words, text) for words, text in story if text],
            "countries": list(self._countries_shown()),
            "cities": [(f"{city}, {where}", _number(n)) for city, where, n in cities],
            **self._about_names(),
            "proof": self.totals.end and self._proof(),
        }

    def _earlier(self):
        for was in self.petition.earlier:
            day = date_format(self.campaign.day_of(was.until_moment), "DATE_FORMAT")
            said = {"language": name_in(was.language), "day": day}
            words = _("Earlier wording (%(language)s), until %(day)s:") % said
            yield f"{words} {was.words}"

    def _with_dates(self, words):
        """The words, and the event's days with their year, which the text may lack."""
        dates = strip_tags(event_dates(self.campaign))
        return " · ".join(
            filter(None, (words, dates and self.campaign.event_name, dates))
        )

    def _countries_shown(self):
        for _code, name, number in self.totals.countries[:MOST_COUNTRIES]:
            yield name, _number(number)
        if others := self.totals.countries[MOST_COUNTRIES:]:
            words = ngettext(
                "%(number)d more country", "%(number)d more countries", len(others)
            )
            number = sum(number for *_rest, number in others)
            yield words % {"number": len(others)}, _number(number)

    def _about_names(self):
        totals = self.totals
        rows = [(_("Names that follow, as signers chose to show them"), totals.shown)]
        rows.append((_("Names withheld"), totals.withheld))
        if totals.on_paper:
            rows.append((_("On paper: the names stand on the sheets"), totals.on_paper))
        said = [
            _("The number beside a country counts everybody who signed there."),
            _(
                "Signers chose to be shown like this. If this becomes a public record, "
                "anybody can read the names."
            ),
        ]
        return {
            "names": [(words, _number(number)) for words, number in rows],
            "about_names": said if totals.shown else [],
        }

    def _proof(self):
        words = _(
            "Each signature that counts is a line in a public list. Each one "
            "that is removed is another line. If you keep the last number, "
            "you can see later whether a line was changed. The list does not "
            "prove who signed. It has %(number)s lines, and ends in:"
        )
        end = self.totals.end
        return {
            "words": words % {"number": _number(end["number"])},
            "link": end["link"],
            "address": self._url("petitions:count"),
        }

    def _people(self, people):
        """The names of each country: whole ones, then those that are only initials."""
        for code, some in groupby(people, itemgetter(0)):
            found = {"name": self._countries.get(code, code)}
            found |= {"names": [], "initials": []}
            for _code, name, is_initials in some:
                found["initials" if is_initials else "names"].append(_in_print(name))
            yield found

    def _url(self, view):
        campaign = self.campaign
        return absolute_reverse(view, campaign.language, slug=campaign.slug)


def _logo(folder):
    """The logo of the site, if it has one, below the coloured band."""
    if not (own := current()).logo_png:
        return None
    (folder / "logo.png").write_bytes(own.logo_png)
    return "logo.png"


def _printed(found):
    """What was found, with each text in it as it can be printed."""
    match found:
        case str():
            return _in_print(found)
        case dict():
            return {name: _printed(value) for name, value in found.items()}
        case list() | tuple():
            return [_printed(value) for value in found]
    return found


def _in_print(text):
    """The text without invisible signs; in words if no font has its letters."""
    seen = printable(text)
    return seen if seen or not text else _("(in a script that we cannot print)")


def _number(number):
    return number_format(number, force_grouping=True)
