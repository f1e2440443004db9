"""What readers report: notices of illegal content, and what breaks our rules only.

The Digital Services Act of the EU, Regulation (EU) 2022/2065, asks every host for
notices: Article 16 says what they hold and how they are answered (decision 9).
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Case, Count, Exists, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from database.kept import Kept, networks_kept
from database.personal_data import PersonalData
from outbox.mailed_keys import StandingKey
from outbox.models import OutgoingMail, Reason, Suppression
from pages.addresses import absolute, absolute_reverse
from staff.alerts.models import Alert
from staff.reach import within
from supporters.my_page.section import Section
from supporters.notices.choices import (
    BrokenLaw,
    NoticeDecision,
    ReportReason,
    Subject,
)

RECEIVED, DECIDED = "notice_received", "notice_decided"
ALERT = "notice"
# The same form from the same network within this time is a button pressed twice.
TWICE = timedelta(minutes=10)
# The key of PostgreSQL's advisory lock by which notices are taken one after the other.
_TAKING = 7219
# The place of something among those that wait.
FIRST, USUAL, LAST = range(3)
# A network of which so many wait already waits behind the others with its next ones.
MANY = 3


class ReportQuerySet(models.QuerySet):
    def notices(self):
        """Those of what is against the law; they have a number and get an answer."""
        return self.exclude(law="")

    def of_readers(self):
        """The others."""
        return self.filter(law="")

    def about(self, subject, key):
        """Those about a comment, or about the name of a signature."""
        return self.filter(subject=subject, subject_id=key)

    def seen_by(self, user):
        """Each with `is_seen`: whether this member of staff may read its words."""
        seen = within(user, Report.objects.filter(pk=OuterRef("pk")))
        return self.annotate(is_seen=Exists(seen))

    def open(self):
        """Those on which nobody has decided."""
        return self.filter(decided_at=None)

    def to_decide(self):
        """Those on which a person may decide: open, or closed without a decision."""
        return self.filter(Q(decided_at=None) | Q(decision=NoticeDecision.LAPSED))

    def about_the_same(self, notice):
        """The others about the same content that wait."""
        same = self.notices().open().filter(content=notice.content)
        return same.exclude(pk=notice.pk)

    def up_to(self, key):
        """Those that were there when this was the newest."""
        return self.filter(pk__lte=key)

    def newest(self):
        """The key of the newest of these, or 0."""
        return self.aggregate(newest=Max("pk"))["newest"] or 0

    def in_turn(self):
        """Those of networks that send many last; else the newest first."""
        return self.order_by("turn", "-pk")

    def one_for_each_place(self):
        """Of these that are open, for each content only the first notice in turn."""
        open_ones = self.open()
        before = open_ones.notices().filter(
            Q(turn__lt=OuterRef("turn"))
            | Q(turn=OuterRef("turn"), pk__gt=OuterRef("pk")),
            content=OuterRef("content"),
        )
        return open_ones.exclude(Exists(before))

    def with_others(self, among):
        """Each with `others`: how many more notices of `among` wait about the same."""
        same = among.notices().open().filter(content=OuterRef("content"))
        number = same.order_by().values("content").annotate(number=Count("pk"))
        is_one = ~Q(law="") & Q(decided_at=None)
        mine = Case(When(is_one, then=1), default=0)
        return self.annotate(
            others=Coalesce(Subquery(number.values("number")), 0) - mine
        )

    def of_address(self, email):
        return self.filter(email=email)

    def for_my_page(self):
        return self.order_by("-pk")

    def export(self):
        return [
            {
                gettext("reference number"): notice.reference,
                gettext("name"): notice.name,
                gettext("content"): notice.location,
                gettext("what you wrote"): notice.words,
                gettext("received"): notice.received_at.isoformat(),
                gettext("decision"): str(notice.get_decision_display()),
            }
            for notice in self
        ]

    def erase(self):
        """Remove who sent them and their words; that there was a notice stays."""
        return self.update(name="", email="", words="", network_hash="")

    def take(self, *, network_hash, content, **what):
        """Store a notice and queue its receipt; returns it, and whether it is new.

        One is taken after the other, so that of two presses at one moment the second
        finds the first, and a notice never has a lower key than one that shows already.
        """
        since = timezone.now() - TWICE
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TAKING])
            same = self.filter(
                network_hash=network_hash, received_at__gt=since, **what
            ).first()
            if network_hash and same:
                return same, False
            turn = _turn_of(network_hash)
            notice = self.create(
                network_hash=network_hash, turn=turn, content=content, **what
            )
            notice.mail(RECEIVED)
            Alert.objects.sound(
                ALERT,
                "",
                _("Notice of illegal content: please decide"),
                _("Somebody sent a notice of illegal content. Please decide."),
                reverse("inbox", args=["reports"]),
                until_closed=True,
            )
        return notice, True

    def tell(self, subject, row, *, location, reason="", words="", network_hash=""):
        """Store what a reader finds wrong; returns whether it is new.

        A network has one open report about the same, so that nobody reports a hundred
        times.
        """
        made = Report(
            subject=subject,
            subject_id=row.pk,
            campaign=row.campaign,
            location=location,
            reason=reason,
            words=words,
            network_hash=network_hash,
            turn=LAST,
        )
        mine = self.of_readers().open().about(subject, row.pk)
        if network_hash and mine.filter(network_hash=network_hash).exists():
            return False
        self.bulk_create([made], ignore_conflicts=True)
        return True

    def decide(self, decision, *, by, reasons="", at=None):
        """Settle those that wait, and tell their notifiers in some minutes.

        Returns how many.
        """
        with transaction.atomic():
            mine = self.to_decide().order_by("pk").select_for_update(no_key=True)
            emails = dict(mine.values_list("pk", "email"))
            Report.objects.filter(pk__in=emails).update(
                decision=decision,
                reasons=reasons,
                decided_at=at or timezone.now(),
                decided_by=by,
            )
            _mail(DECIDED, emails.values(), after=settings.COMMENT_NOTICE_MINUTES)
            if not Report.objects.notices().open().exists():
                Alert.objects.filter(kind=ALERT).close(by)
        return len(emails)

    def lapse(self):
        """Close those on which nobody has decided, and tell their notifiers."""
        return self.open().decide(NoticeDecision.LAPSED, by=None)

    def reopen(self):
        """Let them wait again, since the decision about the content was undone.

        The days within which somebody has to decide begin anew.
        """
        return self.update(
            decision="",
            reasons="",
            decided_at=None,
            decided_by=None,
            reopened_at=timezone.now(),
        )

    def to_tell(self, purpose, email):
        """The notices of this address of which a mail of this purpose has to tell."""
        mine = self.exclude(email="").filter(email=email).order_by("pk")
        mine = mine.select_related("campaign")
        if purpose == RECEIVED:
            return mine.filter(receipt_at=None)
        return mine.filter(decided_at__isnull=False).exclude(told=models.F("decision"))


def _turn_of(network_hash):
    """The place of the next notice of a network among those that wait."""
    mine = Report.objects.notices().filter(network_hash=network_hash)
    sends_many = network_hash and mine.open().count() >= MANY
    return LAST if sends_many else USUAL


def _mail(purpose, emails, *, after=0):
    """Queue a mail to each address; one mail tells of all that waits to be told.

    An address whose owner has said that others entered it gets none.
    """
    emails = {*emails} - {""}
    refused = Suppression.objects.against(emails) if emails else {}
    due_at = timezone.now() + timedelta(minutes=after)
    pairs = [(0, email) for email in emails if (email, RECEIVED) not in refused]
    OutgoingMail.objects.queue_many(purpose, pairs, due_at=due_at)


class Report(models.Model):
    """What somebody finds wrong on the site, where it stands, and what we decided.

    The content stays where it is until a person decides. If it is a comment or a name,
    the decision about it at its desk settles what was reported of it. With a `law` it
    is a notice of illegal content, else a reader's report with a `reason`.
    """

    subject = models.CharField(
        _("about"),
        max_length=10,
        choices=Subject,
        default=Subject.PAGE,
        db_default=Subject.PAGE,
    )
    # No key of the database: the rows are those of rooms above, and a notice stays when
    # they go.
    subject_id = models.BigIntegerField(null=True, editable=False)
    # Leads from the page after the form; whoever sent the form has it.
    key = StandingKey(unique=True)
    # Stands in mails only, so whoever has it owns the address.
    mail_key = StandingKey(unique=True)
    location = models.CharField(_("content"), max_length=500)
    # The page alone, unless an app knows the part that the mark names: whatever mark
    # somebody adds to an address, it is about the same content.
    content = models.CharField(max_length=500, blank=True, editable=False)
    # Whose content it is; empty for pages of the site.
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campaign"),
    )
    # Its place among those that wait: last, if its network sends many.
    turn = models.PositiveSmallIntegerField(
        default=USUAL, db_default=USUAL, editable=False
    )
    law = models.CharField(_("kind"), max_length=10, choices=BrokenLaw, blank=True)
    reason = models.CharField(
        _("reason"), max_length=20, choices=ReportReason, blank=True, db_default=""
    )
    words = models.TextField(_("own words"), max_length=5000, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("email address"), max_length=254, blank=True)
    language = models.CharField(max_length=10, blank=True, editable=False)
    network_hash = models.CharField(max_length=32, blank=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    receipt_at = models.DateTimeField(_("receipt sent"), null=True, editable=False)
    decision = models.CharField(
        _("decision"), max_length=10, choices=NoticeDecision, blank=True
    )
    reasons = models.TextField(_("reasons"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    # When a decision on it was undone.
    reopened_at = models.DateTimeField(null=True, editable=False)
    # The decision of which its notifier was told.
    told = models.CharField(max_length=10, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()
    personal_data = PersonalData(
        by_address="of_address",
        section=Section(
            "notices",
            _("Reports of illegal content that you sent"),
            "supporters/notices/_mine.html",
            is_record=True,
        ),
        identifies=("email", "network_hash"),
        texts=("location", "content", "words", "name", "reasons"),
        kept=(
            Kept(
                name="undecided notices",
                words=_(
                    "reports of illegal content that wait: we close them, and tell the "
                    "people who sent them"
                ),
                period="KEEP_HELD_DAYS",
                since=("received_at", "reopened_at"),
                where=Q(decided_at=None) & ~Q(law=""),
                do="lapse",
            ),
            Kept(
                name="notices",
                words=_("name, address and words of reports of illegal content"),
                period="KEEP_NOTICES_DAYS",
                since="decided_at",
                where=~Q(name="", email="", words="") & ~Q(law=""),
                empties={"name": "", "email": "", "words": ""},
            ),
            # Reason and answer stay in the log.
            Kept(
                name="words of reports",
                words=_("what readers wrote in reports, after we answered them"),
                period="KEEP_REPORT_WORDS_DAYS",
                since="decided_at",
                where=Q(law="") & ~Q(words=""),
                empties={"words": ""},
            ),
            networks_kept(
                "networks of reports",
                _("scrambled forms of the networks that reports came from"),
                since="received_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        db_table = "supporters_notice"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                "received_at", condition=Q(decided_at=None), name="open_notices"
            ),
            models.Index(
                "content",
                "turn",
                models.F("id").desc(),
                condition=Q(decided_at=None),
                name="open_notices_by_place",
            ),
            models.Index("email", condition=~Q(email=""), name="notices_of_address"),
            models.Index(
                "subject",
                "subject_id",
                condition=Q(subject_id__isnull=False),
                name="reports_of_a_subject",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="")
                | Q(decided_at__isnull=False) & ~Q(decision=""),
                name="decided_notice_says_how",
            ),
            models.UniqueConstraint(
                "subject",
                "subject_id",
                "network_hash",
                condition=Q(decided_at=None, law="") & ~Q(network_hash=""),
                name="one_open_report_of_a_network",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def reference(self):
        """The number by which notifier and staff speak of it."""
        return f"{self.received_at:%Y}-{self.pk}"

    @property
    def what(self):
        """What is wrong, as whoever reported it chose from a list."""
        return self.get_law_display() or self.get_reason_display()

    @property
    def url(self):
        """The public address of what it is about."""
        return absolute(self.location)

    @property
    def can_be_decided(self):
        """As the queryset says with `to_decide()`."""
        return self.decided_at is None or self.decision == NoticeDecision.LAPSED

    @property
    def mailed_url(self):
        """The notifier’s page, for mails."""
        return absolute_reverse("supporters:notice", self.language, key=self.mail_key)

    def mail(self, purpose):
        """Queue a mail to its notifier."""
        _mail(purpose, [self.email])

    def disown(self):
        """Its address is not the notifier’s: forget it, and mail it no more of these.

        What the notices say is looked at all the same. Safe to call twice.
        """
        if self.email:
            until = timezone.now() + timedelta(days=settings.KEEP_NOTICES_DAYS)
            with transaction.atomic():
                Suppression.objects.put(
                    self.email, Reason.NOT_ME, purpose=RECEIVED, until=until
                )
                Report.objects.of_address(self.email).update(email="", name="")
            self.refresh_from_db()
