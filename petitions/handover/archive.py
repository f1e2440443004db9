"""Writes the ZIP for officials as a stream: memory does not grow with the signatures.

Names are shown as their signers chose, and with a city only where the signer chose
that. A name that waits for a moderator, or was hidden by one, is left out. The ZIP
holds no address.
"""

import zipfile
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain

from django.contrib.postgres.fields import ArrayField
from django.core.files import File
from django.db import connection, models
from django.db.models import ExpressionWrapper, F, Func, Q, Sum, Value
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django_countries import countries

from branding.site import the_site
from petitions import beside
from petitions.counting import checker
from petitions.names.shown_as import ShownAs
from petitions.private_files import unnamed
from reporting import csv_files

CHUNK = 2000
# In a city with fewer signers than this, people might be recognised.
LEAST_OF_A_CITY = 5
MOST_CITIES = 24

_CITIES = """
    SELECT mode() WITHIN GROUP (ORDER BY city), country, sum(number) AS total
    FROM (
        SELECT city, country, 1 AS number FROM petitions_signature
        WHERE counted AND petition_id = %(petition)s AND name_hidden_at IS NULL
        UNION ALL
        SELECT city, country, number FROM ({beside}) AS beside
        WHERE petition_id = %(petition)s
    ) AS person
    WHERE city <> ''
    GROUP BY lower(city), country HAVING sum(number) >= %(least)s
    ORDER BY total DESC, 1 LIMIT %(most)s
"""


def write(bundle, files):
    """Write a bundle's file among `files`; returns (signatures in it, bytes)."""
    with unnamed() as file, translation.override(bundle.petition.campaign.language):
        signatures = _Writing(bundle).write(file)
        made = File(file)
        files.save(bundle.name, made)
        return signatures, made.size


def csv_lines(petition):
    """A line for each counted signature, online first; for a spreadsheet."""
    header = [_("name"), _("city"), _("country"), _("date"), pgettext("how", "signed")]
    yield "\ufeff"  # by this, Excel recognises UTF-8
    more = (room.csv_rows(petition) for room in beside.rooms())
    yield from csv_files.lines(header, chain(_online(petition), *more))


@dataclass(frozen=True)
class Totals:
    """The numbers on the first pages."""

    count: int
    on_paper: int
    brought: int
    countries: list  # of (code, name, number), the most first
    cities: list  # of (name, country's name, number)
    shown: int
    end: dict | None  # of the chain

    @property
    def withheld(self):
        return self.count - self.on_paper - self.shown

    @property
    def apart(self):
        """In words, how many of the count are on paper and from another website."""
        if number := self.on_paper:
            said = ngettext("%s of them on paper", "%s of them on paper", number)
            yield said % _number(number)
        if number := self.brought:
            said = ngettext(
                "%(number)s of them on another website",
                "%(number)s of them on another website",
                number,
            )
            yield said % {"number": _number(number)}

    @classmethod
    def of(cls, petition):
        tally = petition.tally.values("country").annotate(total=Sum("delta"))
        by_country = list(tally.filter(total__gt=0).order_by("-total", "country"))
        with connection.cursor() as cursor:
            limits = {"least": LEAST_OF_A_CITY, "most": MOST_CITIES}
            statement = _CITIES.format(beside=beside.counted())
            cursor.execute(statement, {"petition": petition.pk, **limits})
            cities = cursor.fetchall()
        standing = petition.standing
        end = petition.links.end_of(petition.pk)
        return cls(
            count=sum(row["total"] for row in by_country),
            on_paper=standing.on_paper,
            brought=standing.brought,
            countries=[
                (row["country"], countries.name(row["country"]), row["total"])
                for row in by_country
            ],
            cities=[(city, countries.name(code), n) for city, code, n in cities],
            shown=shown_names(petition).count(),
            end=end and checker.hexadecimal(end),
        )


def shown_names(petition):
    """The signatures whose names may be shown; none when all names are hidden."""
    counted = petition.signatures.counted()
    return counted.none() if petition.names_hidden else counted.filter(shows_name=True)


class _Writing:
    def __init__(self, bundle):
        self.bundle = bundle
        self.petition = bundle.petition
        self.totals = Totals.of(self.petition)

    def write(self, file):
        with zipfile.ZipFile(
            file, "w", zipfile.ZIP_DEFLATED, allowZip64=True
        ) as self.zip:
            context = {
                "bundle": self.bundle,
                "petition": self.petition,
                "site_name": the_site().name,
                "contact_email": the_site().contact_email,
            }
            self._add("README.txt", [render_to_string("downloads/bundle.txt", context)])
            self._add_pdf()
            self._add("signatures.csv", csv_lines(self.petition))
            self._add_chain()
        return self.totals.count

    def _add(self, name, texts):
        with (
            self.zip.open(name, "w", force_zip64=True) as entry,
            TextIOWrapper(entry, encoding="utf-8", newline="") as text,
        ):
            text.writelines(texts)

    def _add_pdf(self):
        # The import stands here since its library takes tens of MB, and no web process
        # makes a PDF.
        from petitions.handover import pdf

        names = _for_pages(self.petition, self.totals)
        for number, document in enumerate(pdf.made(self.bundle, self.totals, names), 1):
            # A PDF is compressed already, and an entry is so by default.
            name = "petition.pdf" if number == 1 else f"petition-names-{number}.pdf"
            with self.zip.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
                entry.write(document)

    def _add_chain(self):
        end = self.totals.end
        if end is None:
            return
        page = checker.offline_page(self.petition, end)
        self._add("count/check.html", [page])
        self._add("count/links.csv", checker.all_csv_lines(self.petition))
        if self.totals.on_paper or self.totals.brought:
            for room in beside.rooms():
                steps = csv_files.lines(*room.steps(self.petition))
                self._add("count/paper.csv", steps)


def _online(petition):
    rows = petition.signatures.counted().order_by("pk")
    withheld = _("(name withheld)")
    for signature in _as_consented(rows):
        name = city = ""
        if signature.shows_name and not petition.names_hidden:
            name, city = signature.public_name.name_and_city
        day = petition.campaign.day_of(signature.confirmed_at)
        yield name or withheld, city, signature.country.code, day, _("online")


def _for_pages(petition, totals):
    """Triples of country code, shown name, and whether the name is only initials.

    The countries with the most signatures come first, and in each country whole names
    come before initials.
    """
    order = [code for code, _name, _number in totals.countries]
    place = Func(
        Value(order, output_field=ArrayField(models.CharField())),
        F("country"),
        function="array_position",
        output_field=models.IntegerField(),
    )
    is_initials = ExpressionWrapper(
        Q(shown_as=ShownAs.INITIALS), output_field=models.BooleanField()
    )
    rows = shown_names(petition).order_by(place, is_initials, "confirmed_at")
    for signature in _as_consented(rows):
        yield (
            signature.country.code,
            signature.public_name.text,
            signature.shown_as == ShownAs.INITIALS,
        )


def _as_consented(rows):
    fields = ("shown_name", "city", "country", "shown_as", "shows_name")
    return rows.only(*fields, "confirmed_at").iterator(chunk_size=CHUNK)


def _number(number):
    return number_format(number, force_grouping=True)
