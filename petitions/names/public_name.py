"""The name of a signer as readers see it: its owner chooses, staff may hide it."""

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from database.sealed import Of, seal
from pages import page_cache
from pages.templatetags.punctuation import comma
from petitions.names.shown_as import ShownAs
from safeguards.judging import judge
from supporters.models import Consent
from supporters.notices.choices import NoticeDecision, Subject
from supporters.notices.models import Report

SHOWN_NAME = "shown name"
# The reason of a hidden name in which nothing was found.
BY_A_MODERATOR = "moderator"
NAME_STATE = (
    "name_changed_at",
    "name_hidden_at",
    "name_hidden_for",
    "name_decided_at",
    "name_decided_by",
)


class NameDecision(models.TextChoices):
    """What a moderator decides about a signer's name."""

    SHOW = "show", _("show the name")
    HIDE = "hide", _("hide the name")
    WAIT = "wait", _("decide later")
    OPEN = "open", _("show the name, and decide later")


class PublicName:
    """What readers see of a signer, as `signature.public_name`.

    A hidden name shows nowhere, but its signature counts.
    """

    def __init__(self, signature):
        self._signature = signature
        self._signatures = type(signature).objects

    @property
    def number(self):
        """By which addresses name it: sealed, since keys count up."""
        return seal(self._signature.pk, Of.SIGNATURE)

    @property
    def text(self):
        """The shown name and city, without the country; empty if nothing is shown."""
        return comma().join(filter(None, self.name_and_city))

    @property
    def line(self):
        """All that is shown of name and place."""
        if self._signature.shown_as == ShownAs.NO:
            return ""
        return comma().join([self.text, self._signature.country.name])

    @property
    def name_and_city(self):
        """The text in two parts; the city is empty unless its owner chose it, too."""
        signature = self._signature
        shows_city = signature.shown_as == ShownAs.FIRST
        return signature.shown_name, signature.city if shows_city else ""

    @property
    def can_show(self):
        """Whether its owner wants it shown, and is counted or can still confirm."""
        signature = self._signature
        is_over = (
            signature.confirmed_at
            or signature.withdrawn_at
            or signature.rejected_at
            or signature.invalidation_id
        )
        return bool(self.text and (signature.counted or not is_over))

    @property
    def is_waiting(self):
        """Whether the name shows only after a moderator has looked at it."""
        signature = self._signature
        return bool(signature.name_hidden_at and not signature.name_decided_at)

    @property
    def state(self):
        """A word for staff that says whether and why the name is hidden."""
        if self._signature.shown_as == ShownAs.NO:
            return _("not shown, as the signer chose")
        if self.is_waiting:
            return _("waits for a moderator")
        if self._signature.name_hidden_at:
            return _("hidden by a moderator")
        is_decided = self._signature.name_decided_at
        return _("shown by a moderator") if is_decided else _("shown")

    @property
    def decision(self):
        """The decision that would restore the present state of the name."""
        is_decided = self._signature.name_decided_at
        if not self._signature.name_hidden_at:
            return NameDecision.SHOW if is_decided else NameDecision.OPEN
        return NameDecision.HIDE if is_decided else NameDecision.WAIT

    @property
    def reports(self):
        """What was reported of it, notices of illegal content included."""
        return Report.objects.about(Subject.NAME, self._signature.pk)

    def report(self, *, location, reason, network_hash):
        """Note that a reader finds something wrong with the name.

        A name that a moderator has looked at is not reported again, except by a notice
        of illegal content.
        """
        if self._signature.name_decided_at is None:
            told = {"reason": reason, "network_hash": network_hash}
            Report.objects.tell(
                Subject.NAME, self._signature, location=location, **told
            )

    def choose(self, shown_as, shown_name, consents=(), page=""):
        """Show the name as its owner chose; their earlier consent ends with that.

        “Not at all” applies to all that this person has signed here.
        """
        if shown_as == ShownAs.NO:
            self.hide_everywhere()
            self._signature.refresh_from_db()
            return
        with transaction.atomic():
            signature = self._locked()
            if shown_name != signature.shown_name:
                signature.public_name.judge(shown_name, signature.city)
            signature.shown_as, signature.shown_name = shown_as, shown_name
            signature.save(update_fields=["shown_as", "shown_name", *NAME_STATE])
            confirmation = self._signature.confirmation
            before = confirmation.consents.filter(kind=SHOWN_NAME)
            before.note_withdrawal(is_replaced=bool(consents))
            Consent.objects.record(confirmation, consents, page)
        self._signature.refresh_from_db()

    def hide_everywhere(self):
        """Show this person's name nowhere under this petition, as they have asked.

        A person who signed twice has two signatures, and does not know which one shows.
        """
        others = [other.pk for other in self._signature.signer.other_counted()]
        mine = self._signatures.filter(pk__in=[self._signature.pk, *others])
        with transaction.atomic():
            given = Consent.objects.filter(
                kind=SHOWN_NAME, confirmation__in=mine.values("confirmation")
            )
            given.note_withdrawal()
            mine.update(shown_as=ShownAs.NO, shown_name="")

    def judge(self, name, city):
        """Judge a name and a city that are to be shown from now on; saves nothing.

        If something is found, the name is hidden until a moderator has looked at it.
        Once a moderator has hidden a name, every later one waits in the same way.
        """
        signature = self._signature
        waits_anyway = signature.name_hidden_at and (
            signature.name_decided_at or signature.name_hidden_for == BY_A_MODERATOR
        )
        found = BY_A_MODERATOR if waits_anyway else judge(name=name, city=city).reason
        signature.name_changed_at = timezone.now()
        signature.name_hidden_at = signature.name_changed_at if found else None
        signature.name_hidden_for = found or None
        signature.name_decided_at = signature.name_decided_by = None

    def follow_hidden_names(self):
        """Let the name wait if a moderator has hidden it under this petition.

        So it waits also if another name of this mailbox was hidden. Then a hidden name
        does not come back when its owner withdraws and signs again. The worker asks
        this before the mail leaves, since signing itself looks nothing up.
        """
        signature = self._signature
        hidden = self._signatures.filter(
            petition=signature.petition_id,
            name_hidden_at__isnull=False,
            name_decided_at__isnull=False,
        ).filter(
            Q(confirmation__supporter__mailbox=signature.confirmation.supporter.mailbox)
            | Q(shown_name__iexact=signature.shown_name) & ~Q(shown_name="")
        )
        is_shown = signature.name_hidden_at is None
        if is_shown and hidden.exclude(pk=signature.pk).exists():
            _let_wait(self._signatures.filter(pk=signature.pk))
            signature.refresh_from_db(fields=NAME_STATE)

    def decide(self, decision, by):
        """Show the name, hide it, or let it wait again (undo). Safe to call twice.

        The decision settles what readers have reported of the name, and notices of
        illegal content about it; undoing it reopens these. If the name is hidden now,
        files for officials are deleted that were made with it.
        """
        with transaction.atomic():
            signature = self._locked()
            reports = signature.public_name.reports
            if signature.name_decided_at:
                reports.filter(decided_at=signature.name_decided_at).reopen()
            signature.name_decided_at, signature.name_decided_by = timezone.now(), by
            if decision in (NameDecision.SHOW, NameDecision.OPEN):
                signature.name_hidden_at = None
            else:
                signature.name_hidden_at = signature.name_hidden_at or timezone.now()
                signature.name_hidden_for = signature.name_hidden_for or BY_A_MODERATOR
                signature.petition.bundles.forget_files()
                if signature.confirmation_id:
                    others = signature.signer.others_of_mailbox()
                    _let_wait(others.filter(name_decided_at=None))
            if decision in (NameDecision.WAIT, NameDecision.OPEN):
                signature.name_decided_at = signature.name_decided_by = None
            else:
                reports.decide(
                    NoticeDecision.REMOVED
                    if decision == NameDecision.HIDE
                    else NoticeDecision.KEPT,
                    by=by,
                    at=signature.name_decided_at,
                )
            signature.save(update_fields=NAME_STATE)
            reports.of_readers().delete()
            campaign = self._signature.campaign
            with translation.override(campaign.language):
                newest = reverse("petitions:newest", kwargs={"slug": campaign.slug})
                page_cache.forget(newest)
        self._signature.refresh_from_db()

    def _locked(self):
        return self._signatures.select_for_update().get(pk=self._signature.pk)


def _let_wait(signatures):
    signatures.filter(name_hidden_at=None).update(
        name_hidden_at=timezone.now(), name_hidden_for=BY_A_MODERATOR
    )
