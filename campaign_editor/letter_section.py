"""The letter of a campaign and its recipients, in the guided form."""

from copy import copy
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign_editor.beginnings import gaps_in
from campaign_editor.free_names import free_list_name
from campaign_editor.letter_part import LetterPart
from letters.models import RecipientList, SuggestedLetter
from letters.recipients import csv_import
from letters.recipients.models import ON_THE_LIST
from pages.languages import listed

MOST_NAMED = 3


class LetterSection:
    """A letter and its list of recipients, as stored or as sent."""

    SHARED = _(
        "Other campaigns use this list, too. Add people on its own page, or choose "
        "a new list."
    )
    people_added = 0

    def __init__(self, campaign, letter, data, *, initial=None):
        """`letter` is what is stored; the form fills a copy."""
        self.campaign, self.letter = campaign, letter
        self._own = {}
        edited = copy(letter) or SuggestedLetter()
        if letter:
            edited.campaign = campaign
        about = {"instance": edited, "prefix": "letter", "initial": initial}
        self.form = LetterPart(data, section=self, **about)

    @cached_property
    def recipient_list(self):
        """The list to which the letter goes, or None."""
        return self.letter and self.letter.recipient_list

    @cached_property
    def people_number(self):
        if not self.recipient_list:
            return 0
        return self.recipient_list.recipients.in_office().count()

    def is_own(self, recipient_list):
        """Whether a list serves no other campaign, so that this form may change it."""
        if recipient_list.pk not in self._own:
            others = recipient_list.letters.exclude(campaign=self.campaign.pk)
            self._own[recipient_list.pk] = not others.exists()
        return self._own[recipient_list.pk]

    @cached_property
    def chosen_list(self):
        """The list that the form chooses; None for a new one."""
        before = self.recipient_list
        if "recipients" in self.form.errors:
            return before
        chosen = self.form.cleaned_data["recipients"]
        if chosen is None and before and self.is_own(before):
            return None if before.recipients.exists() else before
        return chosen

    @cached_property
    def _taken(self):
        """The addresses that cannot be added once more."""
        if self.chosen_list is None:
            return set()
        people = self.chosen_list.recipients.in_office()
        return set(people.values_list("email", flat=True))

    def why_not(self, email):
        """Why nobody of this address can be added; it takes the address if it can."""
        if self.chosen_list and not self.is_own(self.chosen_list):
            return self.SHARED
        if email in self._taken:
            return ON_THE_LIST
        self._taken.add(email)
        return ""

    def save(self):
        """Store the letter, if one is wanted, and its recipients."""
        letter = self._save_letter()
        if letter is None:
            return
        known = letter.recipient_list
        named = self._names_on(known)
        self._save_people(known)
        if self.is_own(known) and known.addressed_as in ("", named):
            self._name(known)

    def _names_on(self, known):
        """How the letter names its recipients, if nobody says it otherwise."""
        people = known.recipients.in_office()[: MOST_NAMED + 1]
        names = [person.name or person.office for person in people]
        with translation.override(self.campaign.language):
            if len(names) > MOST_NAMED:
                names = [*names[: MOST_NAMED - 1], gettext("others")]
            words = listed(names)
        try:
            RecipientList._meta.get_field("addressed_as").run_validators(words)
        except ValidationError:  # such as longer than the letter can name them
            return ""
        return words

    def _name(self, known):
        """Let the letter name its recipients as nobody has said otherwise."""
        named = self._names_on(known)
        if known.addressed_as != named:
            known.addressed_as = named
            known.save()

    def _save_letter(self):
        """The letter as it is stored now; None if none is wanted."""
        form, letter = self.form, self.form.instance
        if not (form.has_words or form.people or self._names_somebody()):
            return self._drop(letter)
        letter.campaign = self.campaign
        letter.recipient_list = self._list_of(form)
        form.store()
        return letter

    def _names_somebody(self):
        """Whether a list or its name is given.

        A draft gets an empty list of its own, which names nobody; nor does a name as a
        template left it.
        """
        form = self.form
        chosen, before = form["recipients"].data, form.instance.recipient_list_id
        if chosen and chosen == str(before):
            known = form.instance.recipient_list
            if self.is_own(known) and not known.recipients.exists():
                chosen = ""
        named = form["addressed_as"].data or ""
        return bool(chosen or (named and not gaps_in(named)))

    def _drop(self, letter):
        """Delete the letter, unless it is public or people have written with it."""
        if not letter.pk:
            return None
        is_public = self.campaign.published_at is not None
        if is_public or letter.letters.exists() or letter.reported.exists():
            letter.save()
            return letter
        known, is_own = letter.recipient_list, self.is_own(letter.recipient_list)
        letter.delete()
        if is_own and not known.recipients.exists():
            known.delete()
        return None

    def _list_of(self, form):
        """The list that was chosen, or one for this campaign alone."""
        letter, before = form.instance, self.recipient_list
        chosen = self.chosen_list or RecipientList(
            name=free_list_name(str(self.campaign))
        )
        is_own = before is not None and self.is_own(before)
        if chosen.pk is None or (chosen == before and is_own):
            named = form.cleaned_data.get("addressed_as", chosen.addressed_as)
            if chosen.pk is None or chosen.addressed_as != named:
                chosen.addressed_as = named
                chosen.save()
        if is_own and chosen != before and not before.recipients.exists():
            # The old list is only this campaign's, and nobody is on it.
            letter.recipient_list = chosen
            letter.save()
            before.delete()
        return chosen

    def _save_people(self, known):
        """Add those who can be added, at the end of the list."""
        if not self.form.people:
            return
        last = known.recipients.order_by("order").last()
        order = last.order if last else 0
        for person in self.form.people:
            order = min(order + 1, csv_import.MOST_ORDER)
            person.list, person.order = known, order
            person.save()
        self.people_added = len(self.form.people)
