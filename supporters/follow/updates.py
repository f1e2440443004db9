"""The mails that bring updates to followers, from what is due to what came of it.

An update waits as one row for each follower (`UpdateForFollower`). Mails are made for
as many followers as can get theirs soon, and no more. So an update to 100,000 followers
can really be paused, and what else the outbox holds is found quickly.
"""

from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.models import Outcome, OutgoingMail
from outbox.purposes import BULK, Never, Nothing, Purpose, register
from supporters.acts import refusals
from supporters.follow.audience import reached_by
from supporters.follow.mailings import Mailing
from supporters.follow.models import Follow
from supporters.follow.update_for_follower import UpdateForFollower
from supporters.follow.update_mail import told, update_mail
from supporters.people.models import Supporter, first_names_of

NAME = "update"


@register
class UpdatesForFollower(Purpose):
    """All that is due for one follower, whose key is `mail.about`."""

    name = NAME
    title = _("Updates from campaigns")
    policy = BULK
    is_unasked = True
    goes_with_its_owner = True
    tells_of = ("supporters.follow",)

    def waiting(self):
        """Mailings on their way and not paused, with rows that are due."""
        due = UpdateForFollower.objects.due(timezone.now()).filter(
            mailing=OuterRef("pk")
        )
        on_their_way = Mailing.objects.filter(queued_at__isnull=False, paused_at=None)
        return [on_their_way.filter(Exists(due))]

    def collect(self, most):
        """Make mails for those who have waited longest, unless many wait to leave.

        What is due for somebody who has an open mail leaves in that one.
        """
        ready = OutgoingMail.objects.due().filter(purpose=NAME, claimed_at=None)
        most -= ready[:most].count()
        if most <= 0:
            return
        now = timezone.now()
        # They are locked in one order, whoever finds them, and nobody is erased
        # meanwhile.
        owners = Supporter.objects.filter(pk__in=self._waiting_longest(now, most))
        owners = owners.order_by("pk").select_for_update(no_key=True, skip_locked=True)
        if followers := list(owners.values_list("pk", "email")):
            OutgoingMail.objects.queue_many(NAME, followers)
            _link([supporter for supporter, _email in followers], now)

    def _waiting_longest(self, now, most):
        """The keys of the followers who have waited longest, whom no mail is sent to.

        They are looked up one mailing at a time, so that paused ones cost nothing.
        """
        sent_now = OutgoingMail.objects.open().about(NAME, OuterRef("supporter"))
        due = _due(now).exclude(Exists(sent_now.filter(claimed_at__isnull=False)))
        found = []
        for mailing in self.waiting()[0]:
            mine = due.filter(mailing=mailing).order_by("due_at")
            found += mine.values_list("due_at", "supporter")[:most]
        return [supporter for _due_at, supporter in sorted(found)[:most]]

    def prepare(self, mails):
        supporters = [mail.about for mail in mails]
        _link(supporters, timezone.now(), mine=[mail.pk for mail in mails])
        return Slice(mails)

    def compose(self, mail):
        """One mail with all of its updates that the follower still wants.

        An update that they do not want any more is stopped, and a paused one waits
        again.
        """
        slice_ = mail.prepared
        items = slice_.items[mail.pk]
        paused = [item for item in items if slice_.mailings[item.mailing_id].paused_at]
        if paused:
            _of(paused).filter(mail=mail.pk).update(mail=None)
        items = [item for item in items if item not in paused]
        if not items:
            raise Nothing
        follows = {item: slice_.follows_for(item) for item in items}
        wanted = [item for item in items if follows[item]]
        if not wanted:
            raise Never("its owner has stopped it")
        if unwanted := [item for item in items if not follows[item]]:
            _of(unwanted).filter(mail=mail.pk).update(mail=None)
            _of(unwanted).open().settle(Outcome.STOPPED)
        by = list(dict.fromkeys(f for item in wanted for f in follows[item]))
        mail.composed = wanted, by
        updates = [slice_.mailings[item.mailing_id].update for item in wanted]
        updates.sort(key=lambda update: update.published_at or update.created_at)
        owner = slice_.supporters[mail.about]
        language = owner.language_of_mails(by[0].language)
        said = slice_.told(updates, language)
        name = slice_.names.get(mail.about, "")
        return update_mail(mail.email, said, by, language, name)

    def may_leave(self, mail):
        """Whether all is as it was when the mail was written.

        Erasing, stopping, wanting less and pausing each come before this or after it.
        """
        items, follows = mail.composed
        locks = {"no_key": True, "of": ("self",)}
        owners = Supporter.objects.filter(pk=mail.about).select_for_update(**locks)
        mine = UpdateForFollower.objects.open().filter(
            mail=mail.pk, supporter=mail.about
        )
        active = Follow.objects.active().filter(pk__in=[each.pk for each in follows])
        mailings = Mailing.objects.filter(pk__in=[each.mailing_id for each in items])
        return (
            bool(owners.values_list("pk"))
            and _keys(mine.select_for_update(**locks)) == _keys(items)
            and _keys(active.select_for_update(**locks)) == _keys(follows)
            and not mailings.filter(paused_at__isnull=False).exists()
        )

    def retry(self, mail):
        """Nothing: its updates were settled with it; the next ones have a new mail."""
        return False

    def settled(self, mail):
        UpdateForFollower.objects.filter(mail=mail.pk).settle(mail.outcome)
        refusals.note_outcome(mail)

    def reported(self, mail, report):
        refusals.note_report(mail, report)


class Slice:
    """What a handful of mails need to be written, read at once."""

    def __init__(self, mails):
        self._told = {}
        self.items = defaultdict(list)
        items = UpdateForFollower.objects.open().filter(mail__in=mails).order_by("pk")
        for item in items:
            self.items[item.mail_id].append(item)
        self.supporters = Supporter.objects.in_bulk([mail.about for mail in mails])
        self.names = first_names_of(self.supporters)
        self.mailings = Mailing.objects.select_related(
            "update__campaign", "update__follow_up"
        ).in_bulk({item.mailing_id for item in items})
        for mailing in self.mailings.values():
            if not mailing.update.campaign.is_published:
                mailing.pause()  # its link would lead to a page that is gone
        self._follows = defaultdict(list)
        for pk, mailing in self.mailings.items():
            reached = reached_by(mailing.update, mailing.only)
            reached = reached.filter(supporter__in=self.supporters)
            for follow in reached.order_by("pk"):
                self._follows[pk, follow.supporter_id].append(follow)

    def told(self, updates, language):
        """These updates in a language, read once for all mails of the slice."""
        known = language, tuple(update.pk for update in updates)
        if known not in self._told:
            self._told[known] = told(updates, language)
        return self._told[known]

    def follows_for(self, item):
        """The follows by which this comes; none when it is not wanted any more."""
        return self._follows[item.mailing_id, item.supporter_id]


def _link(supporters, now, mine=()):
    """Let all that is due for these followers leave in their open mails.

    These are mails that nobody is sending, or that the caller is about to write. It
    waits for no lock, so it is in nobody's way.
    """
    free = Q(claimed_at=None) | Q(pk__in=mine)
    mails = OutgoingMail.objects.open().about(NAME, supporters)
    locks = {"no_key": True, "skip_locked": True, "of": ("self",)}
    with transaction.atomic():
        mails = mails.filter(free, dot_at=None).select_for_update(**locks)
        opened = dict(mails.values_list("about", "pk"))
        due = _due(now).filter(supporter__in=opened).order_by("pk")
        items = list(due.select_for_update(**locks))
        for item in items:
            item.mail_id = opened[item.supporter_id]
        UpdateForFollower.objects.bulk_update(items, ["mail"])


def _due(now):
    """What is due and in no mail yet, of mailings on their way."""
    due = UpdateForFollower.objects.due(now)
    return due.filter(mailing__queued_at__isnull=False, mailing__paused_at=None)


def _keys(rows):
    return {row.pk for row in rows}


def _of(items):
    return UpdateForFollower.objects.filter(pk__in=[item.pk for item in items])
