"""The mails in which letters leave: one letter alone, or several to one official."""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.sealed import Of, number_sealed_in
from letters.recipients import pace
from letters.recipients.models import Recipient
from letters.recipients.stances import Stance
from letters.sending import address_reports, message, tasks
from letters.sending.deliveries import Delivery, WhyStopped
from letters.sending.querysets import ALONE, TOGETHER
from letters.sending.server_words import code_of
from letters.writing.models import Letter
from outbox import purposes
from outbox.models import Outcome, OutgoingMail
from outbox.relay import says_bad_address
from outbox.reports import ACCEPTED, BOUNCED

# How many deliveries are put into mails with several letters at one time.
MOST_TOGETHER = 5000
# What one mail holds at most; the rest waits for the next mail. Names are short, and a
# mail of half a megabyte is taken everywhere and can still be read.
MOST_LETTERS = 5000
MOST_CHARACTERS = 400_000


class LetterMail(purposes.Purpose):
    """What both kinds of mails with letters have in common.

    When a mail is composed, it notes as `contents` which deliveries its words hold. For
    a mail that a dead worker left behind after the last dot, these are all that are
    linked to it.
    """

    tells_of = ("letters.letter",)
    # The writer waits to be told what became of it.
    reports = "SUCCESS,DELAY,FAILURE"

    def waiting(self):
        now = timezone.now()
        return [Delivery.objects.filter(settled_at=None, mail=None, due_at__lte=now)]

    @property
    def policy(self):
        days = timedelta(days=settings.LETTER_GIVE_UP_DAYS)
        return replace(purposes.LETTER, for_long=days)

    def waits_since(self, mail):
        """When it was queued: a turn that was taken anew does not make it younger."""
        return mail.queued_at

    def may_leave(self, mail):
        """Whether each letter in it may leave.

        None must have been erased, stopped, paused or answered since it was composed.
        """
        inside = self._locked(mail)
        there = inside.filter(letter__anonymised_at=None)
        return there.may_leave().fitting().count() == len(mail.contents)

    def settled(self, mail):
        inside = self._locked(mail)
        if mail.outcome == Outcome.SENT:
            self._note_asked(inside)
        else:  # what was noted before does not matter: the relay took it
            inside = inside.open()
        ended = {"outcome": mail.outcome, "settled_at": mail.settled_at}
        if mail.outcome == Outcome.STOPPED:
            inside.overtaken().update(stopped_for=WhyStopped.OVERTAKEN, **ended)
        inside.update(**ended)
        if mail.outcome == Outcome.REFUSED and says_bad_address(mail.reply):
            address_reports.note_bad_address(mail, self.recipient_of(mail), mail.reply)
        self.report_back(mail)

    def reported(self, mail, report):
        inside = self._locked(mail).left()
        recipient, now = self.recipient_of(mail), timezone.now()
        if report.what == ACCEPTED:
            inside.filter(accepted_at=None).update(accepted_at=now)
        elif report.what == BOUNCED:
            inside.filter(bounced_at=None).update(bounced_at=now)
            words = self.words_to_keep(mail, report.words)
            if report.for_good and (report.is_news or report.is_proven):
                address_reports.note_bad_address(
                    mail, recipient, words, is_proven=report.is_proven
                )
            elif report.is_news:
                address_reports.note_soft_bounce(mail, recipient, words)
            self.report_back(mail)
        elif report.is_news or report.is_proven:
            address_reports.note_complaint(mail, recipient, is_proven=report.is_proven)

    def retry(self, mail):
        """Let each letter in it leave again, as its recipient wants it today."""
        inside = mail.deliveries.select_related("letter", "recipient")
        return sum(delivery.retry() for delivery in inside) > 0

    def words_to_keep(self, mail, words):
        """Only the codes, if the writer of a letter in it was erased."""
        erased = mail.deliveries.filter(letter__anonymised_at__isnull=False)
        return code_of(words) if erased.exists() else words

    def recipient_of(self, mail):
        raise NotImplementedError

    def report_back(self, mail):
        """Give the texts back to writers whose letters in it have failed; once each."""
        raise NotImplementedError

    def _to_its_address_of_today(self, mail, recipient):
        """Send it to the official's present address; the new domain has own pauses."""
        if mail.email != recipient.email:
            mail.readdress(recipient.email)
            raise purposes.Later(timezone.now())

    def _in_turn(self, mail, recipient, *, in_office_hours):
        if turn := pace.take_turn(mail, recipient, in_office_hours=in_office_hours):
            raise purposes.Later(turn, is_turn=True)

    def _locked(self, mail):
        """The deliveries in its words, locked after their letters.

        That is the order in which erasing locks them.
        """
        inside = Delivery.objects.filter(mail=mail)
        if hasattr(mail, "contents"):
            inside = inside.filter(pk__in=mail.contents)
        Letter.objects.filter(deliveries__in=inside).lock()
        return Delivery.objects.filter(pk__in=inside.lock())

    def _note_asked(self, deliveries):
        asking = deliveries.filter(letter__is_thanks=False).order_by()
        for suggested, recipient in asking.values_list(
            "letter__suggested_letter", "recipient"
        ).distinct():
            Stance.objects.note_asked(suggested, recipient)


@purposes.register
class OneLetter(LetterMail):
    """One writer's letter to one official; about a delivery."""

    name = ALONE
    title = _("Letter to an official")

    def collect(self, most):
        """Make a mail for each due delivery that goes alone."""
        due = list(_locked(Delivery.objects.due().alone(), "recipient__email")[:most])
        if due:
            OutgoingMail.objects.queue_many(ALONE, due)
            _link(dict(due), OutgoingMail.objects.about(ALONE, OuterRef("pk")))

    def prepare(self, mails):
        """The deliveries that may leave, by their keys, and which are fitting."""
        mine = Delivery.objects.may_leave().filter(mail__in=mails)
        suiting = set(mine.fitting().values_list("pk", flat=True))
        found = mine.select_related(
            "mail",
            "recipient__list",
            "letter__suggested_letter__campaign",
            "letter__suggested_letter__recipient_list",
            "letter__confirmation__supporter",
            "follows__letter__suggested_letter",
            "follows__mail",
        )
        return {delivery.pk: (delivery, delivery.pk in suiting) for delivery in found}

    def when(self, mail):
        delivery, is_suiting = mail.prepared.get(mail.about, (None, False))
        # A delivery that may not leave waits without a mail.
        if delivery is None or delivery.goes_together:
            raise purposes.Nothing
        if not is_suiting:
            raise purposes.Never("they have said meanwhile what it does not suit")
        self._to_its_address_of_today(mail, delivery.recipient)
        hours = delivery.keeps_office_hours
        self._in_turn(mail, delivery.recipient, in_office_hours=hours)

    def compose(self, mail):
        delivery, _is_suiting = mail.prepared[mail.about]
        mail.contents = [delivery.pk]
        return message.message_for(delivery)

    def recipient_of(self, mail):
        return Recipient.objects.filter(deliveries=mail.about).first()

    def report_back(self, mail):
        for letter in Letter.objects.filter(deliveries=mail.about).to_report_back():
            letter.report_back()

    def keys_named(self, message_id):
        """See `Delivery.sent_as`."""
        kind, _dot, ours = message_id.partition("@")[0].partition(".")
        delivery = kind == "delivery" and number_sealed_in(ours, Of.DELIVERY)
        return [delivery] if delivery else []

    def about_row(self, mail):
        return Delivery.objects.filter(pk=mail.about).first()

    def about_words(self, mails):
        found = Delivery.objects.filter(pk__in=[mail.about for mail in mails])
        return dict(found.values_list("pk", "label"))


@purposes.register
class SeveralLetters(LetterMail):
    """Letters of several writers to one official, whom it is about.

    The official chooses how often. They have at most one that has not left, so that
    they get no more mails than they chose: it fills until it leaves, and what does not
    fit waits for the next one.
    """

    name = TOGETHER
    title = _("Letters to an official, in one email")

    def collect(self, most):
        """Make one mail for each official with due deliveries that go together.

        What becomes due until it leaves is put into it, too, unless a worker is sending
        it: so all deliveries in a mail whose last dot is said are those in its words.
        """
        mine = OutgoingMail.objects.about(TOGETHER, OuterRef("recipient")).open()
        busy = Exists(mine.exclude(claimed_at=None))
        due = Delivery.objects.due().together().exclude(busy)
        found = dict(_locked(due, "recipient")[:MOST_TOGETHER])
        if not found:
            return
        recipients = set(found.values())
        _make_mails(recipients)
        free = _open_to(recipients).filter(claimed_at=None)
        free = free.select_for_update(skip_locked=True, no_key=True)
        mails = dict(free.values_list("pk", "about"))
        _link(found, mine.filter(pk__in=mails), recipient__in=mails.values())

    def prepare(self, mails):
        """The officials, by their keys, and when each got the last such mail."""
        keys = [mail.about for mail in mails]
        found = Recipient.objects.select_related("list").in_bulk(keys)
        last = _last_left(keys)
        return {key: (found[key], last.get(key)) for key in found}

    def when(self, mail):
        recipient, last = mail.prepared.get(mail.about, (None, None))
        # A delivery that may not leave waits without a mail.
        if recipient is None or not recipient.takes_letters:
            raise purposes.Nothing
        self._to_its_address_of_today(mail, recipient)
        if recipient.had_mail(last):
            raise purposes.Later(recipient.next_mail_at(last))
        self._in_turn(mail, recipient, in_office_hours=True)

    def compose(self, mail):
        """Compose it from what is in it by now.

        A delivery whose recipient has agreed meanwhile is stopped. One that goes alone
        by now, or waits for somebody to resume its campaign, is left out.
        """
        recipient, _last = mail.prepared[mail.about]
        self._stop_overtaken(mail)
        inside = mail.deliveries.may_leave().filter(letter__anonymised_at=None)
        packed = _as_many_as_fit(inside.together())
        if not packed:
            raise purposes.Nothing
        mail.contents = [delivery.pk for delivery in packed]
        for delivery in packed:
            delivery.recipient, delivery.mail = recipient, mail
        return message.message_in(mail, recipient, packed)

    def may_leave(self, mail):
        """Leave what is not in its words to the next one."""
        if not super().may_leave(mail):
            return False
        self._left_out(mail).let_go()
        return True

    def settled(self, mail):
        if mail.outcome == Outcome.GIVEN_UP:
            # A delivery that came later has days of its own, in the next mail.
            limit = timezone.now() - timedelta(days=settings.LETTER_GIVE_UP_DAYS)
            mail.deliveries.open().filter(queued_at__gt=limit).let_go()
        if hasattr(mail, "contents"):
            self._left_out(mail).let_go()
        super().settled(mail)

    def waits_since(self, mail):
        """Its time counts from the day on which it is to leave."""
        recipient, last = mail.prepared[mail.about]
        return recipient.next_mail_at(last, after=mail.queued_at)

    def recipient_of(self, mail):
        return Recipient.objects.get(pk=mail.about)

    def report_back(self, mail):
        tasks.report_back.defer(mail_pk=mail.pk)

    def about_row(self, mail):
        return Recipient.objects.filter(pk=mail.about).first()

    def about_words(self, mails):
        found = Recipient.objects.in_bulk([mail.about for mail in mails])
        return {key: recipient.label for key, recipient in found.items()}

    def _stop_overtaken(self, mail):
        overtaken = Delivery.objects.filter(pk__in=mail.deliveries.overtaken())
        ended = overtaken.end(Outcome.STOPPED, stopped_for=WhyStopped.OVERTAKEN)
        for letter in Letter.objects.filter(deliveries__in=ended):
            letter.report_back()

    def _left_out(self, mail):
        return mail.deliveries.open().exclude(pk__in=mail.contents)


def _as_many_as_fit(deliveries):
    """The oldest first; of those with words of their own, as many as people read."""
    rows = deliveries.select_related(
        "letter__suggested_letter__campaign",
        "letter__confirmation",
        "follows__letter__suggested_letter",
        "follows__mail",
        "recipient__list",
    )
    packed, characters = [], 0
    for delivery in rows.order_by("pk")[:MOST_LETTERS]:
        if not delivery.same_as:
            characters += len(delivery.letter.text)
            if characters > MOST_CHARACTERS:
                continue
        packed.append(delivery)
    return packed


def _last_left(recipients):
    """When the last mail with several letters left, or may have left, by official."""
    mails = OutgoingMail.objects.about(TOGETHER, list(recipients))
    left = mails.filter(outcome__in=[Outcome.SENT, Outcome.IN_DOUBT])
    return dict(left.order_by().values_list("about").annotate(at=Max("settled_at")))


def _make_mails(recipients):
    """Make the next mail to each of these recipients who has no open one."""
    new = recipients.difference(_open_to(recipients).values_list("about", flat=True))
    last, by_moment = _last_left(new), {}
    for recipient in Recipient.objects.select_related("list").filter(pk__in=new):
        at = recipient.next_mail_at(last.get(recipient.pk))
        by_moment.setdefault(at, []).append((recipient.pk, recipient.email))
    for at, mails in by_moment.items():
        OutgoingMail.objects.queue_many(TOGETHER, mails, due_at=at)


def _open_to(recipients):
    return OutgoingMail.objects.open().about(TOGETHER, list(recipients))


def _locked(due, *columns):
    """Key and column of due rows, locked; rows that others have locked are skipped."""
    free = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return free.values_list("pk", *columns)


def _link(keys, mails, **which):
    waiting = Delivery.objects.open().filter(pk__in=keys, **which)
    waiting.update(mail=Subquery(mails.open().values("pk")[:1]))
