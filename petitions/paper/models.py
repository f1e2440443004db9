"""Names on paper: sheets that somebody collected, typed in as a batch of lines.

A batch is entered, finished, compared with who stands already, and then counted by
somebody else (decision 16).
"""

from collections import Counter
from datetime import timedelta
from hashlib import sha256
from itertools import batched, product

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.models.milestone import today
from petitions.counting.models import TallyEntry
from petitions.paper import scans, tasks
from petitions.petition import Petition
from petitions.signing.countries import codes
from petitions.signing.models import Signature
from safeguards.mailbox import Mailbox
from supporters.people.names import folded

SOME = 2000
# What was confirmed before a comparison can be seen by all after so long.
COMMITTED_BY = timedelta(minutes=1)


class NotBeingEntered(PermissionDenied):
    """The lines of this batch are finished: nobody adds to them or changes them."""


class CannotCount(Exception):
    """This batch cannot be counted now; the sentence says what to do."""


def paper_commitment(petition_pk, batch_pk, step, country):
    """What the chain says of a step on paper: SHA-256 of the line
    "<petition> paper <batch> <step> <country>". It names nobody, and has no salt."""
    line = f"{petition_pk} paper {batch_pk} {step} {country}"
    return sha256(line.encode()).digest()


class PaperBatchQuerySet(models.QuerySet):
    def to_anonymise(self):
        """Nothing is to be done with their names any more."""
        return self.filter(
            anonymised_at=None, petition__in=Petition.objects.whose_names_go()
        )

    def to_count(self, user):
        """Entered, compared, and for this person to decide on and count."""
        ready = self.filter(compared_at__isnull=False, counted_at=None)
        ready = ready.filter(finished_at__isnull=False, anonymised_at=None)
        if settings.PAPER_TWO_PEOPLE:
            own = PaperLine.objects.filter(batch=OuterRef("pk"), entered_by=user)
            ready = ready.exclude(entered_by=user).filter(~Exists(own))
        return ready

    def steps(self, petition):
        """The links of the petition's chain that are steps on paper, each as
        (batch, step, country, link)."""
        for batch in self.filter(petition=petition, steps__gt=0).order_by("pk"):
            known = {
                paper_commitment(petition.pk, batch.pk, step, code): (step, code)
                for step, code in product(range(1, batch.steps + 1), codes())
            }
            links = petition.links.filter(commitment__in=known)
            for link in links.order_by("number"):
                yield batch.pk, *known[bytes(link.commitment)], link

    def anonymise(self):
        """Without anybody's name, and without scans; returns how many. What was
        counted stays, with its country."""
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
        _("where"), max_length=160, help_text=_("Like “market square, Saturday”.")
    )
    collected_on = models.DateField(_("day of collection"), default=today)
    sheets = models.PositiveSmallIntegerField(
        _("number of sheets"), default=1, validators=[MinValueValidator(1)]
    )
    country = CountryField(
        _("country"),
        help_text=_("Of everybody on the sheets, unless a line says else."),
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

    objects = PaperBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch on paper")
        verbose_name_plural = _("batches on paper")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted_at=None) | Q(finished_at__isnull=False),
                name="counted_paper_is_finished",
            )
        ]

    def __str__(self):
        return f"{self.place}, {self.collected_on}"

    def clean(self):
        if self.collected_on and self.collected_on > today():
            raise ValidationError(
                {"collected_on": _("Enter a day that has come already.")}
            )

    @property
    def state(self):
        """The word for where this batch stands, for staff."""
        if self.counted_at:
            return _("counted")
        if self.finished_at is None:
            return _("being entered")
        return _("to be counted") if self.compared_at else _("being compared")

    @property
    def is_being_entered(self):
        return self.finished_at is None and self.anonymised_at is None

    def enter(self, people, by):
        """Write these people (dicts of fields) under each other; returns how many.

        Raises NotBeingEntered when somebody has finished the batch meanwhile.
        """
        with transaction.atomic():
            batch = self._locked()
            if not batch.is_being_entered:
                raise NotBeingEntered
            last = batch.lines.aggregate(last=models.Max("number"))["last"] or 0
            number = last
            for some in batched(people, SOME, strict=False):
                lines = []
                for person in some:
                    number += 1
                    country = person["country"] or batch.country
                    fields = {**person, "country": country, "entered_by": by}
                    lines.append(PaperLine(batch=batch, number=number, **fields))
                PaperLine.objects.bulk_create(lines)
        return number - last

    def finish(self):
        """All lines are there: nobody changes them now, and they are compared."""
        with transaction.atomic():
            batch = self._locked()
            if batch.finished_at is None:
                batch.finished_at = Now()
                batch.compared_at = None
                batch.save(update_fields=["finished_at", "compared_at"])
                tasks.compare_paper.defer(batch_pk=self.pk)
        self.refresh_from_db()

    def reopen(self):
        """Lines can be entered and changed again, as long as it is not counted."""
        with transaction.atomic():
            batch = self._locked()
            if batch.counted_at is None:
                batch.finished_at = batch.compared_at = None
                batch.save(update_fields=["finished_at", "compared_at"])
        self.refresh_from_db()

    def compare(self):
        """Find who stands already: online, on other sheets, or twice on these.

        Reads every signature of the petition once; a worker does it. Safe to repeat:
        what a person has decided stays. On a batch that is counted, who has signed
        online since with the same address is taken off it; who only looks alike counts
        until a person has decided.
        """
        begun = timezone.now()
        with transaction.atomic():
            batch = self._locked()
            if batch.finished_at is None or batch.anonymised_at:
                return
            batch._match()
            batch.compared_at = begun
            batch.save(update_fields=["compared_at"])

    def count(self, by):
        """Add what counts to the petition's count; safe to call twice.

        Raises CannotCount with the reason. Who was counted since the comparison is
        compared here, so that nobody is counted twice between the two.
        """
        with transaction.atomic():
            batch = self._locked()
            if batch.counted_at:
                return
            if batch.finished_at is None or batch.compared_at is None:
                raise CannotCount(gettext("The lines are not compared yet."))
            if settings.PAPER_TWO_PEOPLE and batch.was_entered_by(by):
                raise CannotCount(
                    gettext(
                        "You have entered lines of this batch: somebody else counts it."
                    )
                )
            batch._match(since=batch.compared_at - COMMITTED_BY)
            is_decided = not batch.lines.filter(match=Match.OPEN).exists()
            if is_decided:
                batch._count(by)
        self.refresh_from_db()
        # Outside, so that what the comparison has found now stays.
        if not is_decided:
            raise CannotCount(gettext("Decide first on the lines that look alike."))

    def uncount(self):
        """Take this batch off the count again: it was a mistake. Safe to call twice."""
        with transaction.atomic():
            batch = self._locked()
            if batch.counted_at:
                batch._step(batch.lines.by_country(), -1)
                batch.lines.filter(counted=True).update(counted=False)
                batch.counted_at = batch.counted_by = None
                batch.save(update_fields=["counted_at", "counted_by"])
        self.refresh_from_db()

    def was_entered_by(self, user):
        own = self.lines.filter(entered_by=user)
        return self.entered_by_id == user.pk or own.exists()

    def anonymise(self):
        """Keep how many were counted from which country, and no person."""
        with transaction.atomic():
            batch = self._locked()
            batch.lines.filter(counted=False).delete()
            batch.lines.forget()
            batch.scans.forget()
            batch.collected_by = batch.note = ""
            batch.anonymised_at = timezone.now()
            batch.save(update_fields=["collected_by", "note", "anonymised_at"])
        self.refresh_from_db()

    def _locked(self):
        """This batch, with all of its petition locked: of two that are counted at
        once, the second is compared with the first."""
        batches = PaperBatch.objects.filter(petition=self.petition_id).order_by("pk")
        [own] = [b for b in batches.select_for_update() if b.pk == self.pk]
        return own

    def _count(self, by):
        if not self.lines.countable().update(counted=True):
            raise CannotCount(gettext("There is no line to count."))
        self.counted_at, self.counted_by = timezone.now(), by
        self.save(update_fields=["counted_at", "counted_by"])
        self._step(self.lines.by_country())

    def _step(self, by_country, sign=+1):
        """Add this to the tally, as one step for each country."""
        self.steps += 1
        self.save(update_fields=["steps"])
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
        """Mark the lines that look like somebody who is counted, or like each other."""
        found = _Likenesses(self.lines.undecided().order_by("number"))
        signatures = Signature.objects.counted().filter(petition=self.petition_id)
        others = PaperLine.objects.filter(
            counted=True, batch__petition=self.petition_id
        ).exclude(batch=self.pk)
        if since:
            signatures = signatures.filter(confirmed_at__gte=since)
            others = others.filter(batch__counted_at__gte=since)
        for pk, *person in signatures.values_list(
            "pk", "name", "city", "country", "canonical_email"
        ).iterator(chunk_size=SOME):
            found.compare(*person, signature_id=pk)
        for line in others.iterator(chunk_size=SOME):
            found.compare(*line.person, line.postcode, twin_id=line.pk)
        if since is None:
            found.compare_with_each_other()
        doubles = Counter()
        for line in found.marked:
            if line.counted and line.match == Match.SAME:
                line.counted = False
                doubles[line.country.code] += 1
        PaperLine.objects.bulk_update(
            found.marked, ["match", "signature", "twin", "counted"], batch_size=SOME
        )
        if doubles:
            self._step(doubles, -1)


class Match(models.TextChoices):
    """Whether a line is somebody who is counted already."""

    NONE = "", _("nobody like this")
    OPEN = "open", _("looks alike: to be decided")
    SAME = "same", _("same person, not counted again")
    OTHER = "other", _("another person")


class PaperLineQuerySet(models.QuerySet):
    def countable(self):
        return self.filter(match__in=(Match.NONE, Match.OTHER))

    def undecided(self):
        return self.filter(match__in=(Match.NONE, Match.OPEN), anonymised_at=None)

    def alike(self):
        """What looks like somebody else, decided or not; what is open comes first."""
        first = models.Case(models.When(match=Match.OPEN, then=0), default=1)
        rows = self.exclude(match=Match.NONE).select_related("signature", "twin__batch")
        return rows.order_by(first, "number")

    def by_country(self):
        """How many count, by country."""
        counted = self.filter(counted=True).values_list("country")
        return dict(counted.annotate(total=models.Count("pk")).order_by("country"))

    def forget(self):
        """Keep that somebody signed, and from which country; returns how many."""
        return self.filter(anonymised_at=None).update(
            anonymised_at=Now(),
            name="",
            city="",
            postcode="",
            email="",
            signature=None,
            twin=None,
        )

    def with_address(self, email):
        return self.filter(email=email).select_related("batch__petition")

    def export(self):
        return [
            {
                gettext("petition"): line.batch.petition.ask,
                gettext("name"): line.name,
                gettext("city"): line.city,
                gettext("postcode"): line.postcode,
                gettext("country"): line.country.name,
                gettext("collected"): line.batch.collected_on.isoformat(),
                gettext("counted"): line.counted,
            }
            for line in self.order_by("pk")
        ]

    def forget_address(self, email):
        """Whoever left this address on paper is erased with it."""
        for line in self.with_address(email):
            line.erase()


class PaperLine(models.Model):
    """One name on a sheet, with no more than is written there."""

    batch = models.ForeignKey(
        PaperBatch,
        on_delete=models.CASCADE,
        related_name="lines",
        verbose_name=_("batch"),
    )
    number = models.PositiveIntegerField(_("line"), editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    country = CountryField(_("country"))
    email = models.CharField(
        _("email address"), max_length=254, blank=True, db_index=True
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    match = models.CharField(
        _("compared"), max_length=5, choices=Match, blank=True, editable=False
    )
    # Who it looks like: somebody online, or another line on paper. Signatures that are
    # deleted do not look here, or a hundred thousand could not go in one statement.
    signature = models.ForeignKey(
        Signature,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="+",
    )
    twin = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    counted = models.BooleanField(_("counted"), default=False, editable=False)
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, editable=False)

    objects = PaperLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("name on paper")
        verbose_name_plural = _("names on paper")
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(
                "batch", "number", name="one_paper_line_for_each_number"
            ),
            models.CheckConstraint(
                condition=Q(counted=False) | ~Q(match=Match.SAME),
                name="counted_paper_line_is_no_double",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(name="", city="", postcode="", email=""),
                name="anonymous_paper_line_holds_no_person",
            ),
        ]

    def __str__(self):
        # Without the name: what staff did is noted under these words, for years.
        return gettext("line %d") % self.number

    @property
    def place(self):
        return ", ".join(
            filter(None, [f"{self.postcode} {self.city}".strip(), self.country.name])
        )

    @property
    def person(self):
        email = self.email and Mailbox(self.email).seat
        return self.name, self.city, self.country.code, email

    def put_right(self, by):
        """Save what was changed: another line than the one that was compared."""
        with transaction.atomic():
            if not self.batch._locked().is_being_entered:
                raise NotBeingEntered
            self.entered_by = by
            self.match, self.signature, self.twin = Match.NONE, None, None
            self.save()

    def decide(self, *, is_same):
        """Whether this is the person that it looks like; safe to call twice.

        On a batch that is counted, the count follows.
        """
        with transaction.atomic():
            batch = self.batch._locked()
            line = batch.lines.get(pk=self.pk)
            if line.match == Match.NONE:
                return
            was_counted = line.counted
            line.match = Match.SAME if is_same else Match.OTHER
            line.counted = bool(batch.counted_at) and not is_same
            line.save(update_fields=["match", "counted"])
            if was_counted != line.counted:
                batch._step({line.country.code: 1}, +1 if line.counted else -1)
        self.refresh_from_db()

    def erase(self):
        """Without the person: anonymous where it counts and the campaign has ended.

        Elsewhere the line goes, and with it its place in the count.
        """
        with transaction.atomic():
            batch = self.batch._locked()
            line = batch.lines.filter(pk=self.pk).first()
            if line is None:
                return
            if line.counted and batch.petition.campaign.has_ended:
                batch.lines.filter(pk=self.pk).forget()
                return
            if line.counted:
                batch._step({line.country.code: 1}, -1)
            line.delete()


class PaperScanQuerySet(models.QuerySet):
    def forget(self):
        """Delete them, and their files once that is certain."""
        for name in self.values_list("name", flat=True):
            transaction.on_commit(lambda name=name: scans.forget(name))
        self.delete()


class PaperScan(models.Model):
    """A picture or a PDF of sheets; see petitions/paper/scans.py for the file."""

    batch = models.ForeignKey(
        PaperBatch, on_delete=models.CASCADE, related_name="scans"
    )
    name = models.CharField(max_length=40, unique=True, editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)

    objects = PaperScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")

    def __str__(self):
        return self.name.rpartition(".")[2].upper()


class _Likenesses:
    """Lines by address and by name, to be found by whoever is compared with them."""

    def __init__(self, lines):
        self.lines = list(lines)
        self.marked = []
        self._open = {line.pk for line in self.lines}
        self._by_email, self._by_name = {}, {}
        for line in self.lines:
            if line.email:
                self._by_email.setdefault(Mailbox(line.email).seat, []).append(line)
            self._by_name.setdefault(folded(line.name), []).append(line)

    def compare(self, name, city, country, email, postcode="", **known):
        """Mark the lines that are this person by address, or may be by name."""
        for line in self._by_email.get(email, ()) if email else ():
            self._mark(line, Match.SAME, known)
        for line in self._by_name.get(folded(name), ()):
            if _may_be_in(line, city, country, postcode):
                self._mark(line, Match.OPEN, known)

    def compare_with_each_other(self):
        """The first line of a person counts; those that follow look like it."""
        for first in self.lines:
            if first.pk not in self._open:
                continue
            name, city, country, email = first.person
            for line in self._by_email.get(email, ()) if email else ():
                if line.number > first.number:
                    self._mark(line, Match.SAME, {"twin_id": first.pk})
            for line in self._by_name.get(folded(name), ()):
                if line.number > first.number and _may_be_in(
                    line, city, country, first.postcode
                ):
                    self._mark(line, Match.OPEN, {"twin_id": first.pk})

    def _mark(self, line, match, known):
        """The first likeness stands, but the same address is more than a name."""
        is_new = line.pk in self._open
        if not is_new and not (match == Match.SAME and line.match == Match.OPEN):
            return
        line.match = match
        line.signature_id = known.get("signature_id")
        line.twin_id = known.get("twin_id")
        if is_new:
            self._open.discard(line.pk)
            self.marked.append(line)


def _may_be_in(line, city, country, postcode):
    """Whether nothing that is known of both places speaks against one person."""
    if line.country.code != country:
        return False
    if line.city and city:
        return folded(line.city) == folded(city)
    if line.postcode and postcode:
        return folded(line.postcode) == folded(postcode)
    return True
