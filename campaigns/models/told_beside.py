"""What stands beside a campaign's own text, in a further language (decision 61).

Titles of its background reading, what was said at its milestones, and its pictures in
the story have rows of their own. What they say in a language is kept with the texts of
the campaign (`CampaignText.beside`). So a page reads it with these, at no cost, and it
is published with them.
"""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pages.languages import name_in


class LocalizedBeside:
    """A row of a campaign that can say its `TOLD` in another language."""

    TOLD: tuple[str, ...] = ()
    # What it says in the language of these texts; None if it says all in the first.
    told = None

    def told_as(self, name):
        """By which name the texts of the campaign keep this text of it."""
        return f"{self._meta.model_name}-{self.pk}-{name}"

    def language_of(self, name):
        is_told = self.told is not None and self.told.beside.get(self.told_as(name))
        return self.told.language if is_told else self.campaign.first_language

    @property
    def leaves_out(self):
        """Whether some of what it says is in the first language still."""
        return self.told is not None and any(
            getattr(self, name) and not self.told.beside.get(self.told_as(name))
            for name in self.TOLD
        )


class WithTextsBeside:
    """A campaign, which knows the texts of its rows."""

    def tell_beside(self, rows):
        """Let rows of its own say what they have in the language that it says."""
        for row in rows:
            row.campaign, row.told = self, self.told
            for name in row.TOLD if self.told else ():
                if words := self.told.beside.get(row.told_as(name)):
                    setattr(row, name, words)
        return rows

    @cached_property
    def texts_beside(self):
        """What of its rows readers get and people translate: (row, field) by name."""
        rows = [
            *self.readings.all(),
            *self.life.told(has_ended=self.has_ended),
            *self.story_pictures.exclude(picture=""),
        ]
        return {
            row.told_as(name): (row, name)
            for row in rows
            for name in row.TOLD
            if getattr(row, name)
        }

    def refuse_asks_of_another_language(self, before):
        """Raise ValidationError if readers would get an ask that nobody vouches for."""
        for language, *ways in self._asks_of_another_language(before):
            try:
                self.petition.reworded(language, *ways)
            except ValidationError:
                said = _(
                    "In %(language)s, people have signed other words than those of the "
                    "translation. Delete that translation first."
                )
                said %= {"language": name_in(language)}
                raise ValidationError({"language": said}) from None

    def note_asks_of_another_language(self, before):
        """Note what readers of its first language and of that of before sign now."""
        for language, *ways in self._asks_of_another_language(before):
            self.petition.note_reworded(language, *ways)

    def _asks_of_another_language(self, before):
        """(language, words before, words now) for each other ask.

        In its first language, the ask of the petition takes the place of a translation;
        in that of before, a translation that was there comes back.
        """
        petition = getattr(self, "petition", None)
        shown = self.texts.filter(published_at__isnull=False).exclude(ask="")
        if petition is None or before == self.language:
            return
        for text in shown.filter(language__in=[before, self.language]):
            first, own = (petition.ask, before), (text.ask, text.language)
            ways = (own, first) if text.language == self.language else (first, own)
            yield text.language, *ways
