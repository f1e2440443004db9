"""What the translations of a campaign are made of, read once for all its languages."""

from functools import cached_property

from django.db.models import Q

from campaigns.texts import texts_of
from versions.models import Version
from volunteers.drafts import TranslatedText


class Material:
    """The rows, their texts, what was written, and former words of the rows.

    However many languages and rows there are, it asks the same number of statements.
    """

    def __init__(self, campaign, languages, *, drafts=True):
        self._campaign, self._languages = campaign, languages
        self._drafts = drafts

    @cached_property
    def texts(self):
        return texts_of(self._campaign, *self._languages, drafts=self._drafts)

    @cached_property
    def notes(self):
        """By language, what was written of each text."""
        found = {language: {} for language in self._languages}
        rows = TranslatedText.objects.filter(
            campaign=self._campaign, language__in=self._languages
        )
        for note in rows:
            found[note.language][note.what] = note
        return found

    def version_before(self, part, name):
        """The version of a text that its translation was made from, or None.

        It is the newest from before the translation was stored; else the first after.
        """
        if part.target is None:
            return None
        number = self._number(part.row_of(name), part.target.updated_at)
        return self._versions.get(number)

    @cached_property
    def _stored(self):
        """Each row that has former words, with when a text of it was stored, or None.

        The ask of a campaign is a text of its petition.
        """
        petition = getattr(self._campaign, "petition", None)
        found = []
        for texts in self.texts.values():
            for _model, row, target in texts:
                at = target and target.updated_at
                found.append((row, at))
                if petition and row is self._campaign:
                    found.append((petition, at))
        return found

    @cached_property
    def _moments(self):
        """By row, the number and the moment of each of its versions, newest first."""
        keys = {}
        for row, at in self._stored:
            if at:
                keys.setdefault(row._meta.label_lower, set()).add(row.pk)
        which = Q(pk=None)
        for model, mine in keys.items():
            which |= Q(model=model, key__in=mine)
        found = {}
        for number, model, key, at in Version.objects.filter(which).values_list(
            "pk", "model", "key", "at"
        ):
            found.setdefault((model, key), []).append((number, at))
        return found

    def _number(self, row, at):
        known = self._moments.get((row._meta.label_lower, row.pk), ())
        before = (number for number, when in known if when <= at)
        return next(before, known[-1][0] if known else None)

    @cached_property
    def _versions(self):
        """The versions that any of the translations was made from."""
        wanted = {self._number(row, at) for row, at in self._stored if at}
        return Version.objects.in_bulk(wanted - {None})
