"""Names on paper: sheets that somebody collected, typed in as a batch of lines.

A batch is typed in, finished, compared with everybody who is counted, and then counted
by somebody else (decision 16). Signatures from another website are a batch, too, with
the words of their consent and its proof in place of sheets (decision 16).
"""

from datetime import timedelta
from hashlib import sha256
from itertools import batched, product

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields import BLANK_CHOICE_LABEL
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.models.campaigns import ended
from campaigns.models.milestone import today
from database.kept import Kept
from database.personal_data import PersonalData
from pages.countries import codes
from paper import tasks
from paper.likenesses import Likenesses, compare_in_portions
from paper.lines import (
    IS_FINAL,
    CannotCount,
    Match,
    NotBeingEntered,
    PaperLine,
)
from petitions.counting.models import TallyEntry
from petitions.petition import Petition
from petitions.signing.models import Signature

# By petition. Its batches may be many, so that they are not locked one by one.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7220, %s)"
SOME = 2000
# So many lines are compared at once: they and what they are found by take about 1.3 kB
# each. Batches that people bring from another website have 100,000 and more.
PORTION = 20_000
# After so long, a comparison surely sees what was confirmed before it.
COMMITTED_BY = timedelta(minutes=1)


def paper_commitment(petition_pk, batch_pk, step, country):
    """What the chain says of a step on paper.

    It is the SHA-256 of the line "<petition> paper <batch> <step> <country>". It names
    nobody, and has no salt.
    """
    line = f"{petition_pk} paper {batch_pk} {step} {country}"
    return sha256(line.encode()).digest()


class PaperBatchQuerySet(models.QuerySet):
    def to_anonymise(self):
        """Batches of petitions that need the names no longer."""
        return self.filter(
            anonymised_at=None, petition__in=Petition.objects.whose_names_go()
        )

    def to_count(self, user):
        """Batches that are compared, and that this person may decide on and count.

        A counted one is, while a line looks like somebody who has signed since.
        """
        open_line = PaperLine.objects.filter(batch=OuterRef("pk"), match=Match.OPEN)
        ready = self.filter(Q(counted_at=None) | Exists(open_line))
        ready = ready.filter(compared_at__isnull=False, anonymised_at=None)
        ready = ready.filter(finished_at__isnull=False)
        if settings.PAPER_NEEDS_SECOND_PERSON:
            own = PaperLine.objects.filter(batch=OuterRef("pk"), entered_by=user)
            ready = ready.exclude(entered_by=user).filter(~Exists(own))
        return ready

    def keep_up(self, petition):
        """Compare what is counted of a petition with who has signed online since.

        Once a day, and before each file for officials. Whoever signed before was found
        when the batch was counted. All lines are read once, in portions, and the new
        signatures once for each portion.
        """
        begun = timezone.now()
        with transaction.atomic():
            connection.cursor().execute(_ONE_AT_A_TIME, [petition.pk])
            counted = self.filter(petition=petition, anonymised_at=None)
            counted = counted.exclude(counted_at=None).order_by("pk")
            batches = list(counted.select_for_update())
            since = min((b.compared_at for b in batches), default=begun) - COMMITTED_BY
            new = Signature.objects.counted().filter(petition=petition)
            new = new.filter(confirmed_at__gte=since)
            lines = PaperLine.objects.filter(batch__in=batches).undecided()
            compare_in_portions(lines, new, batches, PORTION)
            counted.update(compared_at=begun)

    def steps(self, petition):
        """The steps on paper in the petition's chain: (batch, step, country, link)."""
        for batch in self.filter(petition=petition, steps__gt=0).order_by("pk"):
            known = {
                paper_commitment(petition.pk, batch.pk, step, code): (step, code)
                for step, code in product(range(1, batch.steps + 1), codes())
            }
            links = petition.links.filter(commitment__in=known)
            for link in links.order_by("number"):
                yield batch.pk, *known[bytes(link.commitment)], link

    def anonymise(self):
        """Remove names and scans from these; returns how many batches.

        What was counted stays, with its country.
        """
        batches = list(self)
        for batch in batches:
            batch.anonymise()
        return len(batches)


class PaperBatch(models.Model):
    """Sheets that were collected in one place, and typed in together."""

    petition = models.ForeignKey(
        Petition,
        on_delete=models.PROTECT,
        related_name="paper",
        verbose_name=_("petition"),
    )
    collected_by = models.CharField(_("collected by"), max_length=120, blank=True)
    place = models.CharField(
        _("where"),
        max_length=160,
        help_text=_("For example “market square, Saturday”."),
    )
    collected_on = models.DateField(_("day of collection"), default=today)
    sheets = models.PositiveSmallIntegerField(
        _("number of sheets"), default=1, validators=[MinValueValidator(1)]
    )
    country = CountryField(
        _("country"),
        blank_label=BLANK_CHOICE_LABEL,
        help_text=_(
            "It applies to everybody on the sheets, unless a line says otherwise."
        ),
    )
    consent = models.TextField(
        _("words of the consent"),
        max_length=2000,
        blank=True,
    )
    note = models.TextField(_("note"), blank=True)

    created_at = models.DateTimeField(_("begun"), db_default=Now(), editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    finished_at = models.DateTimeField(
        _("all lines entered"), null=True, editable=False
    )
    compared_at = models.DateTimeField(_("compared"), null=True, editable=False)
    counted_at = models.DateTimeField(_("counted"), null=True, editable=False)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("counted by"),
    )
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, editable=False)
    # Each change of the count has a number, and so a commitment of its own.
    steps = models.PositiveIntegerField(default=0, editable=False)
    # How many of its lines count now, for a page that asks for it at each reading.
    counts = models.PositiveIntegerField(default=0, editable=False)

    objects = PaperBatchQuerySet.as_manager()
    personal_data = PersonalData(
        texts=("collected_by", "place", "note"),
        about_nobody=("consent",),
        kept=(
            Kept(
                name="paper",
                words=_("names and scans of signatures on paper"),
                period=(
                    "KEEP_SIGNERS_MONTHS",
                    "KEEP_AFTER_HANDOVER_DAYS",
                    "KEEP_SIGNERS_AT_MOST_MONTHS",
                ),
                since=ended("petition__campaign"),
                where=Q(anonymised_at=None),
                due="to_anonymise",
                do="anonymise",
                at_most=("KEEP_SIGNERS_AT_MOST_MONTHS",),
            ),
        ),
    )

    class Meta:
        db_table = "petitions_paperbatch"
        verbose_name = _("batch of names on paper")
        verbose_name_plural = _("batches of names on paper")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted_at=None) | Q(finished_at__isnull=False),
                name="counted_paper_is_finished",
            )
        ]

    def __str__(self):
        return f"{self.place}, {date_format(self.collected_on, 'SHORT_DATE_FORMAT')}"

    def clean(self):
        self.consent = self.consent.strip()
        if self._state.adding and self.petition_id and self.petition.is_final:
            raise ValidationError({"petition": IS_FINAL})
        if self.collected_on and self.collected_on > today():
            raise ValidationError(
                {"collected_on": _("Enter a day that is not in the future.")}
            )

    @property
    def state(self):
        """The state of this batch in a word, for staff."""
        if self.counted_at:
            return _("counted")
        if self.finished_at is None:
            return _("being entered")
        return _("to be counted") if self.compared_at else _("being compared")

    @property
    def is_brought(self):
        """Whether people signed on another website, and agreed to pass it on."""
        return bool(self.consent)

    @property
    def is_being_entered(self):
        return self.finished_at is None and self.anonymised_at is None

    def enter(self, people, by, known=None):
        """Append lines for these people (dicts of fields); returns how many.

        Raises NotBeingEntered when somebody has finished the batch meanwhile. With
        `known` (what a form says of how many were there already), nothing is added if
        that is not so any more: the form was sent twice, or its file by two people.
        """
        with transaction.atomic():
            batch = self.locked()
            if not batch.is_being_entered:
                raise NotBeingEntered
            if known is not None and known != str(batch.has_among_lines(people)):
                return 0
            last = batch.lines.aggregate(last=models.Max("number"))["last"] or 0
            number = last
            for some in batched(people, SOME):
                lines = []
                for person in some:
                    number += 1
                    country = person["country"] or batch.country
                    fields = {**person, "country": country, "entered_by": by}
                    lines.append(PaperLine(batch=batch, number=number, **fields))
                PaperLine.objects.bulk_create(lines)
        return number - last

    def has_among_lines(self, people):
        """How many of these people (dicts of fields) have a line just like it here."""
        number = 0
        for some in batched(people, SOME):
            alike = self.lines.filter(name__in={person["name"] for person in some})
            there = set(alike.values_list(*some[0]))
            for person in some:
                country = person["country"] or self.country.code
                number += tuple({**person, "country": country}.values()) in there
        return number

    def finish(self):
        """Say that all lines are there: nobody changes them now; they are compared."""
        with transaction.atomic():
            batch = self.locked()
            if batch.finished_at is None:
                batch.finished_at = Now()
                batch.compared_at = None
                batch.save(update_fields=["finished_at", "compared_at"])
                tasks.compare_paper.defer(batch_pk=self.pk)
        self.refresh_from_db()

    def reopen(self):
        """Let lines be added and changed again, unless the batch is counted."""
        with transaction.atomic():
            batch = self.locked()
            if batch.counted_at is None:
                batch.finished_at = batch.compared_at = None
                batch.save(update_fields=["finished_at", "compared_at"])
        self.refresh_from_db()

    def compare(self):
        """Find people who are counted already: online, on other sheets, or here twice.

        A worker calls this, since it reads every signature of the petition once. Safe
        to repeat: what a person has decided stays. In a batch that is counted, a line
        is taken off it if somebody has signed online since with the same address. One
        that only looks alike counts until a person has decided.
        """
        begun = timezone.now()
        with transaction.atomic():
            batch = self.locked()
            if batch.finished_at is None or batch.anonymised_at:
                return
            batch._match()
            batch.compared_at = begun
            batch.save(update_fields=["compared_at"])

    def count(self, by):
        """Add what counts to the petition's count; safe to call twice.

        Raises CannotCount with the reason. People counted since the comparison are
        compared here, so that nobody is counted twice in between.
        """
        with transaction.atomic():
            batch = self.locked()
            if batch.counted_at:
                return
            if batch.petition.is_final:
                raise CannotCount(IS_FINAL)
            if batch.is_brought and not batch.scans.exists():
                raise CannotCount(
                    gettext("Add the proof of the consent first, as a PDF or picture.")
                )
            if batch.finished_at is None or batch.compared_at is None:
                raise CannotCount(gettext("The lines are not compared yet."))
            if settings.PAPER_NEEDS_SECOND_PERSON and batch.was_entered_by(by):
                raise CannotCount(
                    gettext(
                        "You have entered lines of this batch, so somebody "
                        "else must count it."
                    )
                )
            batch._match(since=batch.compared_at - COMMITTED_BY)
            is_decided = not batch.lines.filter(match=Match.OPEN).exists()
            if is_decided:
                batch._count(by)
        self.refresh_from_db()
        # This is outside the transaction, so that what was found now is stored.
        if not is_decided:
            raise CannotCount(gettext("Decide first on the lines that look alike."))

    def uncount(self):
        """Take this batch off the count again, as a mistake. Safe to call twice."""
        with transaction.atomic():
            batch = self.locked()
            if batch.counted_at:
                batch.step(batch.lines.by_country(), -1)
                batch.lines.filter(counted=True).update(counted=False)
                # Paper that was counted since then is found when it counts again.
                batch.compared_at = min(batch.compared_at, batch.counted_at)
                batch.counted_at = batch.counted_by = None
                batch.save(update_fields=["compared_at", "counted_at", "counted_by"])
        self.refresh_from_db()

    def was_entered_by(self, user):
        own = self.lines.filter(entered_by=user)
        return self.entered_by_id == user.pk or own.exists()

    def anonymise(self):
        """Keep how many were counted from which country, and no person."""
        with transaction.atomic():
            batch = self.locked()
            batch.lines.filter(counted=False).delete()
            batch.lines.forget()
            batch.scans.forget()
            batch.collected_by = batch.note = ""
            batch.anonymised_at = timezone.now()
            batch.save(update_fields=["collected_by", "note", "anonymised_at"])
        self.refresh_from_db()

    def locked(self):
        """This batch, with all paper of its petition locked until the transaction ends.

        So if two are counted at once, the second is compared with the first.
        """
        connection.cursor().execute(_ONE_AT_A_TIME, [self.petition_id])
        return PaperBatch.objects.select_for_update().get(pk=self.pk)

    def _count(self, by):
        if not self.lines.countable().update(counted=True):
            raise CannotCount(gettext("There is no line to count."))
        self.counted_at, self.counted_by = timezone.now(), by
        self.save(update_fields=["counted_at", "counted_by"])
        self.step(self.lines.by_country())

    def step(self, by_country, sign=+1):
        """Add this to the tally, as one entry for each country."""
        self.steps += 1
        self.counts += sign * sum(by_country.values())
        self.save(update_fields=["steps", "counts"])
        TallyEntry.objects.bulk_create(
            TallyEntry(
                petition_id=self.petition_id,
                country=country,
                delta=sign * number,
                on_paper=True,
                commitment=paper_commitment(
                    self.petition_id, self.pk, self.steps, country
                ),
            )
            for country, number in sorted(by_country.items())
        )

    def _match(self, since=None):
        """Mark lines that look like somebody who is counted, or like each other.

        The lines are in memory in portions, and all others are read once for each.
        """
        undecided = self.lines.undecided().order_by("number")
        marked, last = set(), 0
        while lines := list(undecided.filter(number__gt=last)[:PORTION]):
            found = Likenesses(lines)
            self._compare_with_counted(found, since)
            if since is None:
                earlier = undecided.filter(number__lt=lines[0].number)
                found.compare_with_lines(earlier, but=marked)
                found.compare_with_each_other()
            marked.update(line.pk for line in found.marked)
            found.store([self])
            last = lines[-1].number

    def _compare_with_counted(self, found, since):
        signatures = Signature.objects.counted().filter(petition=self.petition_id)
        others = PaperLine.objects.filter(
            counted=True, batch__petition=self.petition_id
        ).exclude(batch=self.pk)
        if since:
            signatures = signatures.filter(confirmed_at__gte=since)
            others = others.filter(batch__counted_at__gte=since)
        found.compare_with_signatures(signatures)
        found.compare_with_lines(others)
