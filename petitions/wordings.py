"""What people sign keeps its meaning (decision 14).

From the first signature on, other words take the place of an ask, in any language, only
if somebody of the staff says that they mean the same. The words of before stay public,
with the day until which they stood there.
"""

import json
from datetime import datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from petitions import beside


class Wording(NamedTuple):
    """Words that stood for the ask on the pages of a language, until a moment.

    Where no translation was, they are in another language than the pages: `said_in`.
    `by` is the account that has said that what came after means the same.
    """

    language: str
    words: str
    said_in: str
    until: str
    by: str

    @property
    def until_moment(self):
        return datetime.fromisoformat(self.until)


class WordingsDecoder(json.JSONDecoder):
    """Reads a tuple, since what a process keeps of a row must not change."""

    def decode(self, written):
        return tuple(Wording(*each) for each in super().decode(written))


class KeepsItsMeaning:
    """A petition, as far as its ask is put in other words."""

    # Who says that the ask of this form means the same as the one that is stored.
    says_the_same = None

    def save(self, **kwargs):
        with transaction.atomic(savepoint=False):
            fields = kwargs.get("update_fields")
            if self.pk and (fields is None or "ask" in fields):
                self.earlier = self._with_ask_of_before()
                if fields:
                    kwargs["update_fields"] = {*fields, "earlier"}
            super().save(**kwargs)

    @cached_property
    def is_signed(self):
        """Whether anybody has signed, online or on paper, confirmed or not."""
        mine = OuterRef("pk")
        relations = (type(self).signatures.rel, type(self).tally.rel)
        signed = [r.related_model.objects.filter(petition=mine) for r in relations]
        signed += [room.stored(mine) for room in beside.rooms()]
        is_signed = reduce(or_, map(Exists, signed))
        return type(self).objects.filter(is_signed, pk=self.pk).exists()

    @property
    def earlier_here(self):
        """The earlier wordings of a page in the present language."""
        here = (self.ask_in, get_language())
        return [each for each in self.earlier if each.language in here]

    def clean(self):
        """Refuse another ask, and another campaign, once people have signed."""
        super().clean()
        is_same = {"ask": self.ask, "campaign": self.campaign_id}
        if self.pk and not type(self).objects.filter(pk=self.pk, **is_same).exists():
            self._with_ask_of_before()

    def _with_ask_of_before(self):
        stored = type(self).objects.filter(pk=self.pk).first()
        if stored is None:
            return self.earlier
        if stored.campaign_id != self.campaign_id and stored.is_signed:
            said = _(
                "People have signed this petition in its campaign, so it cannot move "
                "to another one."
            )
            raise ValidationError({"campaign": said})
        language = stored.campaign.language
        was, now = ((ask, language) for ask in (stored.ask, self.ask))
        return stored.reworded(language, was, now, by=self.says_the_same)

    def reworded(self, language, was, now, *, by=None):
        """The earlier wordings, once other words stand on the pages of a language.

        `was` and `now` are the words with the language that they are in. The petition
        is locked until the transaction ends, so that two changes at once are both
        noted. Raises ValidationError if people have signed and nobody
        says that it means the same, as `by`. Nobody need say it of words that stood
        there before, nor of those of the first language, where a translation is gone.
        """
        with transaction.atomic():
            locked = type(self).objects.select_for_update().get(pk=self.pk)
            if was[0].split() == now[0].split() or not locked.is_signed:
                return locked.earlier
            known = [w.words for w in locked.earlier if w.language == language]
            if not (by or now[1] != language or now[0] in known):
                raise ValidationError({"ask": CHANGES_THE_ASK})
            who = by.get_username() if by else ""
            until = timezone.now().isoformat()
            return (*locked.earlier, Wording(language, *was, until, who))

    def note_reworded(self, language, was, now, **how):
        """Store that other words stand there from now on. Raises as `reworded` does."""
        earlier = self.reworded(language, was, now, **how)
        type(self).objects.filter(pk=self.pk).update(earlier=earlier)
        self.earlier = earlier


CHANGES_THE_ASK = _(
    "People have signed this sentence. If your words mean the same, say so below the "
    "sentence. To ask for something else, close this campaign and begin a new one with "
    "a copy."
)
