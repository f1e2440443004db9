"""The petition on paper: a cover, the ask, the totals, and the names in columns.

A file holds at most MOST_NAMES, and further names go into further files: a page is kept
in memory until its file is complete, and nobody turns 5,000 pages.
"""

import io
import re
import tempfile
import unicodedata
from itertools import chain, islice
from pathlib import Path

from django.utils.formats import date_format, number_format
from django.utils.html import strip_tags
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from fpdf.enums import Align, MethodReturnValue, WrapMode, XPos, YPos

from branding.colours import rgb
from branding.models import current
from branding.site import the_site
from campaigns.pictures import picture_files
from campaigns.templatetags.campaigns import event_dates
from pages.addresses import absolute_reverse
from pages.languages import name_in
from petitions.handover import fonts
from petitions.handover.tagged import TaggedPDF, is_shaped

MOST_NAMES = 50_000
MOST_COUNTRIES = 24
TEXT, SOFT, LINE = (16, 38, 45), (72, 89, 95), (200, 211, 214)
MARGIN, GUTTER = 20, 6  # mm
LEAST_PICTURE = 25
COLUMNS, INITIALS_A_LINE = 3, 4
NAME_SIZE, NAME_HEIGHT = 9, 4.5
POINT = 25.4 / 72


def made(bundle, totals, names):
    """Make the files, one after the other; yields each when its pages are complete.

    `names` are (country's code, name, whether the name is initials only).
    """
    names = iter(names)
    # Only fonts are in it: what a killed worker leaves there is about nobody.
    with tempfile.TemporaryDirectory() as folder:
        for volume in range(1, 2 + totals.shown // MOST_NAMES):
            some = islice(names, MOST_NAMES)
            first = next(some, None)
            if volume > 1 and first is None:
                return
            document = _Document(bundle, totals, volume, Path(folder))
            if volume == 1:
                document.cover()
                document.facts()
            if first is not None:
                document.names(chain([first], some))
            yield document


class _Document(TaggedPDF):
    def __init__(self, bundle, totals, volume, folder):
        super().__init__(format=bundle.paper)
        self.petition, self.campaign = bundle.petition, bundle.petition.campaign
        self.bundle, self.totals, self.volume = bundle, totals, volume
        self.set_margin(MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 0  # texts begin where lines and pictures do
        self.set_title(self.campaign.full_title)
        self.set_author(the_site().name)
        own = the_site().colours
        self.deep, self.bright = rgb(own["night_bright"]), rgb(own["accent"])
        self.set_lang(self.campaign.language)
        self.runs_from_right = get_language_bidi()
        for family, style, file in fonts.written(folder):
            self.add_font(family, style, file)
        others = ["More", "Others", "Japanese", "Korean"]
        self.set_fallback_fonts(others, exact_match=False)
        self._known = set().union(*(font.cmap for font in self.fonts.values()))
        self._in_bold = {*self.fonts["textB"].cmap, *self.fonts["moreB"].cmap}
        self._countries = {
            code: f"{name}: {_number(number)}"
            for code, name, number in totals.countries
        }

    def footer(self):
        if self.volume == 1 and self.page_no() == 1:
            return
        with self.decoration():
            self._pen(8, colour=SOFT)
            self.set_xy(MARGIN, self.h - 13)
            said = _("Page %(number)s of %(pages)s")
            if self.volume > 1:
                said = _("Part %(part)s, page %(number)s of %(pages)s")
            # The library puts in the number of pages after it has placed the text.
            numbers = {"part": self.volume, "number": self.page_no(), "pages": "{nb}"}
            self._put(40, 4, said % numbers)
            width = self.epw - 40
            self._put(width, 4, self._fitted(self.petition.ask, width), align=Align.R)

    # The first pages.

    def cover(self):
        self.add_page()
        with self.decoration():
            self.set_fill_color(*self.deep)
            self.rect(0, 0, self.w, 14, style="F")
            self.set_fill_color(*self.bright)
            self.rect(0, 14, self.w, 2, style="F")
        self._logo()
        self.set_y(self.h * 0.16)
        self._lines(_("Petition"), 13, colour=SOFT)
        self.ln(3)
        # The dash of the full title stays, for those who search or listen.
        ask = self.campaign.title_ask
        title = self.campaign.full_title.removesuffix(ask).rstrip()
        self._lines(title, 30, bold=True, most=5, kind="H1")
        if ask:
            self._lines(ask, 30, bold=True, colour=self.deep, most=5)
        self.ln(8)
        self._lines(_("To %s") % self.bundle.to, 15, most=3)

        self.set_y(max(self.get_y() + 12, self.h * 0.6))
        self._picture()
        self._count()
        for said in self.totals.apart:
            self._lines(said, 12, colour=SOFT)

        self.set_y(self.h - 54)
        self._rule(MARGIN, self.get_y(), self.w - MARGIN)
        self.ln(5)
        self._lines(the_site().name, 12, bold=True)
        self._lines(the_site().contact_email, 10, colour=SOFT)
        self._lines(self._url("campaigns:campaign"), 10, colour=SOFT)
        today = date_format(self.petition.campaign.today, "DATE_FORMAT")
        self._lines(_("As of %s") % today, 10, colour=SOFT)
        said = _(
            "Each person confirmed by email, or signed on paper. We did not check who "
            "they are or where they live."
        )
        self._lines(said, 9, colour=SOFT, most=3)

    def _count(self):
        said = ngettext(
            "<strong>%(number)s</strong> person has signed",
            "<strong>%(number)s</strong> people have signed",
            self.totals.count,
        ) % {"number": _number(self.totals.count)}
        before, number, after = re.split("</?strong>", said)
        self._lines(number, 54, bold=True, colour=self.deep)
        self._lines(f"{before}{after}".strip(), 17)

    def _logo(self):
        """The logo of the site, if it has one, below the coloured band."""
        own, box = current(), (60, self.h * 0.16 - 26)
        if own.logo_png:
            image, sides = io.BytesIO(own.logo_png), (own.logo_width, own.logo_height)
            self.figure(image, sides, (MARGIN, 21), box, says=the_site().name)

    def _picture(self):
        """The picture of the campaign, to the right of the number, if there is room."""
        campaign, top = self.campaign, self.get_y()
        width, height = 78, self.h - 64 - top
        file = picture_files.opened(campaign.picture, picture_files.LARGE)
        if file is None or height < LEAST_PICTURE:
            return
        x = self.w - MARGIN - width
        sides = campaign.picture_width, campaign.picture_height
        with file:
            box, says = (width, height), campaign.picture_alt
            bottom = self.figure(file, sides, (x, top), box, says=says)
        if campaign.picture_credit:
            with self.part("P"):
                self._pen(7, colour=SOFT)
                self.set_xy(x, bottom + 1)
                self._put(width, 4, self._fitted(campaign.picture_credit, width))
        self.set_xy(MARGIN, top)

    def _rule(self, x, y, end):
        with self.decoration():
            self.set_draw_color(*LINE)
            self.line(x, y, end, y)

    def facts(self):
        """The ask, and how many people from where support it."""
        self.add_page()
        self._heading(_("What we ask"))
        self._lines(self.petition.ask, 16, bold=True, most=12)
        for was in self.petition.earlier:
            day = date_format(self.campaign.day_of(was.until_moment), "DATE_FORMAT")
            said = {"language": name_in(was.language), "day": day}
            words = _("Earlier wording (%(language)s), until %(day)s:") % said
            self._lines(f"{words} {was.words}", 9, colour=SOFT, most=6)
        for words, text in (
            (self._with_dates(_("What is happening")), self.campaign.happening),
            (_("What is wrong"), self.campaign.wrong),
            (_("What we ask for"), self.campaign.asked),
        ):
            if text:
                self.ln(3)
                self._lines(words, 9, colour=SOFT, kind="H3")
                self._lines(text, 11, most=8)
        self._countries_and_cities()
        self._about_names()

    def _with_dates(self, words):
        """The words, and the event's days with their year, which the text may lack."""
        dates = strip_tags(event_dates(self.campaign))
        return " · ".join(
            filter(None, (words, dates and self.campaign.event_name, dates))
        )

    def _countries_and_cities(self):
        shown = self.totals.countries[:MOST_COUNTRIES]
        rows = [(name, number) for _code, name, number in shown]
        if others := self.totals.countries[MOST_COUNTRIES:]:
            number = len(others)
            words = ngettext(
                "%(number)d more country", "%(number)d more countries", number
            )
            words %= {"number": number}
            rows.append((words, sum(number for *_rest, number in others)))
        self._table(_("Where people signed"), rows)
        cities = [(f"{city}, {country}", n) for city, country, n in self.totals.cities]
        self._table(_("Cities with the most signers"), cities)

    def _about_names(self):
        totals = self.totals
        rows = [(_("Names that follow, as signers chose to show them"), totals.shown)]
        rows.append((_("Names withheld"), totals.withheld))
        if totals.on_paper:
            rows.append((_("On paper: the names stand on the sheets"), totals.on_paper))
        self._table(_("Names"), rows, columns=1)
        if totals.shown:
            self.ln(2)
            said = _("The number beside a country counts everybody who signed there.")
            self._lines(said, 9, colour=SOFT)
            said = _(
                "Signers chose to be shown like this. If this becomes a public record, "
                "anybody can read the names."
            )
            self._lines(said, 9, colour=SOFT, most=3)
        if totals.end:
            self._room_for(46)
            self._heading(_("A count that can be checked"))
            self._lines(
                _(
                    "Each signature that counts is a line in a public list. Each one "
                    "that is removed is another line. If you keep the last number, "
                    "you can see later whether a line was changed. The list does not "
                    "prove who signed. It has %(number)s lines, and ends in:"
                )
                % {"number": _number(totals.end["number"])},
                10,
                most=7,
            )
            self._lines(totals.end["link"], 8, bold=True)
            self._lines(_("What this proves, and what it does not:"), 9, colour=SOFT)
            self._lines(self._url("petitions:count"), 9, colour=SOFT)

    # The names.

    def names(self, names):
        """Write names in columns, under the name of each country."""
        self._width = (self.epw - GUTTER * (COLUMNS - 1)) / COLUMNS
        self._column, self._x, self._top = COLUMNS, MARGIN, MARGIN
        self._bottom = self.h - 18
        self._y = self._bottom
        country, initials = None, []
        for code, name, is_initials in names:
            if code != country:
                self._initials(initials)
                country, initials = code, []
                self._country(self._countries.get(code, code))
            if not is_initials:
                self._name(name)
            elif len(initials) == INITIALS_A_LINE:
                self._initials(initials)
                initials = [name]
            else:
                initials.append(name)
        self._initials(initials)
        self.end_part()

    def _country(self, name):
        if self._y > self._top:
            self._y += NAME_HEIGHT
        self._advance(NAME_HEIGHT * 3)  # never alone at the foot of a column
        level = 1 if self.volume == 1 else 0
        with self.part(f"H{level + 1}"):
            self._pen(10, bold=True, colour=self.deep)
            self.set_xy(self._x, self._y)
            self.start_section(name, level)
            self._put(self._width, NAME_HEIGHT, self._fitted(name, self._width))
        self._y += NAME_HEIGHT
        self.begin_part("P")
        self._pen(NAME_SIZE)

    def _initials(self, some):
        """Write several on a line: initials are short, and very many."""
        if not some:
            return
        self._advance(NAME_HEIGHT)
        self.go_on("P")
        width = self._width / INITIALS_A_LINE
        for place, name in enumerate(some):
            self.set_xy(self._x + place * width, self._y)
            self._put(width, NAME_HEIGHT, self._fitted(name, width - 2.5))
        self._y += NAME_HEIGHT

    def _name(self, name):
        name = self._printable(name)
        fits = self.get_string_width(name) <= self._width - 3
        lines = [name] if fits else self._wrapped(name, self._width)
        for line in lines:
            self._advance(NAME_HEIGHT)
            self.go_on("P")
            self.set_xy(self._x, self._y)
            self._put(self._width, NAME_HEIGHT, line)
            self._y += NAME_HEIGHT

    def _advance(self, height):
        """Go to the next line: in this column, the next one, or on a new page."""
        if self._y + height <= self._bottom:
            return
        self.end_part()
        self._column += 1
        if self._column >= COLUMNS:
            self._column = 0
            self.add_page()
            self.begin_part("P")
            self._pen(NAME_SIZE)
        self._x = MARGIN + self._column * (self._width + GUTTER)
        self._y = self._top

    # What the pages are made of.

    def _pen(self, size, *, bold=False, colour=TEXT):
        self.set_font("Text", "B" if bold else "", size)
        self.set_text_color(*colour)
        # The library writes the font down with the first text in it. If that text is in
        # a font of another script, the text after it would be set in the font before.
        x, y = self.x, self.y
        self.cell(1, 1, " ")
        self.set_xy(x, y)

    def _lines(self, text, size, *, bold=False, colour=TEXT, most=1, kind="P"):
        """Write a text over the whole width, in at most `most` lines, as one part.

        A text in another script than ours is not bold, since those fonts have no bold.
        """
        bold = bold and all(ord(c) in self._in_bold for c in text)
        self.begin_part(kind)
        self._pen(size, bold=bold, colour=colour)
        height = size * POINT * 1.3
        lines = self._wrapped(self._printable(text), self.epw)
        if len(lines) > most:
            lines = [*lines[: most - 1], self._fitted(f"{lines[most - 1]} …", self.epw)]
        for line in lines:
            self.set_x(MARGIN)
            self._put(self.epw, height, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.end_part()

    def _put(self, width, height, text, **options):
        """Write one line.

        The engine that joins letters is used only where it is needed. For all names, a
        campaigner would wait about twice as long for the PDF (1.8 times with names of
        many scripts, 2.3 with Latin ones; decision 46).
        """
        if shaped := is_shaped(text):
            self.set_text_shaping(True)
        self.cell(width, height, text, **options)
        if shaped:
            self.set_text_shaping(False)

    def _heading(self, text):
        self.ln(6 if self.get_y() > MARGIN else 0)
        self.start_section(self._printable(text))
        self._lines(text, 13, bold=True, colour=self.deep, kind="H2")
        self.ln(1.5)

    def _table(self, title, rows, columns=2):
        """Write words and numbers, in columns that are read downwards."""
        if not rows:
            return
        height = 5.6
        in_column = -(-len(rows) // columns)
        self._room_for(14 + height * in_column)
        self._heading(title)
        width = (self.epw - GUTTER * 2 * (columns - 1)) / columns
        top = self.get_y()
        with self.group("Table"):
            for place, (words, number) in enumerate(rows):
                column, row = divmod(place, in_column)
                x, y = MARGIN + column * (width + GUTTER * 2), top + row * height
                with self.group("TR"):
                    with self.group("TH"), self.part("P"):
                        self._pen(10)
                        self.set_xy(x, y)
                        self._put(width - 16, height, self._fitted(words, width - 19))
                    with self.group("TD"), self.part("P"):
                        self._pen(10, bold=True)
                        self.cell(16, height, _number(number), align=Align.R)
                self._rule(x, y + height, x + width)
        self.set_y(top + in_column * height)

    def _room_for(self, height):
        if self.get_y() + height > self.h - 20:
            self.add_page()

    def _wrapped(self, text, width):
        """The text in lines; a word that is too long for a line is broken."""
        return self.multi_cell(
            width,
            text=text,
            dry_run=True,
            output=MethodReturnValue.LINES,
            align=Align.L,
            wrapmode=WrapMode.WORD,
            padding=0,
        )

    def _fitted(self, text, width):
        """The text, cut with an ellipsis where it is too long for one line."""
        text = self._printable(text)
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def _printable(self, text):
        """The text without invisible signs; in words if no font has its letters."""
        if text.isascii() and text.isprintable():
            return text
        text = unicodedata.normalize("NFC", text)
        seen = "".join(c for c in text if unicodedata.category(c)[0] != "C")
        if all(ord(c) in self._known for c in seen):
            return seen
        return _("(in a script that we cannot print)")

    def _url(self, view):
        campaign = self.campaign
        return absolute_reverse(view, campaign.language, slug=campaign.slug)


def _number(number):
    return number_format(number, force_grouping=True)
