"""The end of a campaign: staff move it, close by hand, and open again (decision 14)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from campaigns.models import address
from campaigns.models.milestone import Milestone

ENDS_BEFORE_NOW = _(
    "This time is over. Enter a later one. To end the campaign now, choose “Close …” "
    "and say why."
)


class WithEnd:
    """A campaign, as far as it ends."""

    def refuse_past_end(self, closes_at):
        """Raise ValidationError if this new end lies before now and readers came.

        Who signed today could not confirm any more, and no reader would know why it
        ended. Of a campaign that has ended, another time zone alone is no earlier end.
        """
        if self.pk is None or closes_at is None or closes_at > now():
            return
        was = type(self).objects.filter(pk=self.pk).first()
        if was is None or not (was._appears or was.offline_at):
            return
        is_moved = closes_at != was.closes_at and (
            not was.has_ended
            or _on_its_clocks(self, closes_at) != _close_on_its_clocks(was)
        )
        if is_moved and closes_at <= (was.ended_at or now()):
            raise ValidationError({"closes_at": ENDS_BEFORE_NOW})

    def close(self, reason=""):
        """End the campaign by hand, now; its page says why.

        Of one that was closed before, the moment stays and the reason is the new one.
        """
        mine = type(self).objects.filter(pk=self.pk)
        mine.filter(closed_at=None).update(closed_at=now())
        mine.update(end_reason=reason)
        self.refresh_from_db(fields=["closed_at", "end_reason"])
        address.forget_pages(self)

    def reopen(self, closes_at):
        """Let people act again until a moment to come; without one, without an end.

        Safe to call twice: what is open already only gets another end.
        """
        with transaction.atomic():
            before = type(self).objects.get(pk=self.pk)
            self.closes_at, self.closed_at, self.end_reason = closes_at, None, ""
            self.save(
                update_fields=["closes_at", "closed_at", "end_reason", "updated_at"]
            )
            self.note_new_close(before, has_opened_again=before.has_ended)

    def note_new_close(self, before, *, has_opened_again=False):
        """After its dates were saved: a new closing day that is still to come opens it
        again, and readers are told so, or that it goes on longer than was announced.

        `before` is the campaign as it was stored. Another time zone alone, with the
        closing time as it was on the clocks, is no new closing day.
        """
        is_moved = _close_on_its_clocks(self) != _close_on_its_clocks(before)
        if not (is_moved or has_opened_again):
            return
        is_to_come = self.closes_at is None or self.closes_at > now()
        if self.closed_at and self.closes_at and is_to_come:
            type(self).objects.filter(pk=self.pk).update(closed_at=None, end_reason="")
            self.closed_at, self.end_reason = None, ""
            has_opened_again = True
        is_later = before.closes_at is not None and (
            self.closes_at is None or self.closes_at > before.closes_at
        )
        if self.is_open and (is_later or has_opened_again):
            kind = Milestone.Kind.EXTENDED if is_later else Milestone.Kind.REOPENED
            Milestone.objects.create_extended(self, kind)


def _close_on_its_clocks(campaign):
    return _on_its_clocks(campaign, campaign.closes_at)


def _on_its_clocks(campaign, moment):
    return moment and moment.astimezone(campaign.zone).replace(tzinfo=None)
