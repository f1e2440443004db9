"""The letter of a campaign and its recipients, in the guided form."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign_editor.beginnings import gaps_in
from campaign_editor.free_names import free_list_name, is_list_name_of
from campaign_editor.letter_part import LetterPart
from campaign_editor.recipient_lines import as_rows
from campaign_editor.recipients_csv import RecipientsCsv
from campaign_editor.rows import RecipientRows
from letters.models import RecipientList, SuggestedLetter
from letters.recipients import csv_import
from letters.recipients.models import ON_THE_LIST
from pages.languages import listed

PEOPLE_SHOWN = 20
MOST_NAMED = 3


class LetterSection:
    """A letter and its list of recipients, as stored or as sent."""

    SHARED = _(
        "Other campaigns use this list, too. Add people on its own page, or choose "
        "a new list."
    )
    people_added = 0

    def __init__(
        self, campaign, letter, unfinished, data=None, files=None, *, initial=None
    ):
        self.campaign, self.letter, self.unfinished = campaign, letter, unfinished
        self._own = {}
        self._title_before = str(campaign)
        data = as_rows(data)
        self.form = LetterPart(
            data,
            instance=letter or SuggestedLetter(),
            kept=unfinished.kept_fields,
            prefix="letter",
            initial=initial,
        )
        self.recipients = RecipientRows(data, prefix="recipient", unfinished=unfinished)
        self.csv = RecipientsCsv(self, data, files)

    @cached_property
    def recipient_list(self):
        """The list to which the letter goes, or None."""
        return self.letter and self.letter.recipient_list

    @cached_property
    def people(self):
        """The first recipients on the list, which may hold thousands."""
        if not self.recipient_list:
            return []
        return list(self.recipient_list.recipients.in_office()[:PEOPLE_SHOWN])

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

    def save(self, *, takes_in):
        """Store the letter, if one is wanted, and its recipients.

        `takes_in` also takes in the good rows of the recipients from CSV.
        """
        self._save_letter()
        named = self._names_of_all()
        if self.letter is not None:
            self._save_people()
        self.csv.save(takes_in)
        self._name_all(named)

    def _names_of_all(self):
        """How the letter names its recipients, if nobody says it otherwise."""
        if self.letter is None:
            return ""
        people = self.letter.recipient_list.recipients.in_office()[: MOST_NAMED + 1]
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

    def _name_all(self, named):
        """Name the recipients and their list where nobody has.

        `named` is what we would have said of them; of the title, it is what was stored.
        """
        if self.letter is None or not self.is_own(self.letter.recipient_list):
            return
        known = self.letter.recipient_list
        names = self._names_of_all()
        before = known.addressed_as, known.name
        if known.addressed_as in ("", named):
            known.addressed_as = names
        was, now = self._title_before, str(self.campaign)
        if was != now and is_list_name_of(was, known):
            known.name = free_list_name(now)
        if before != (known.addressed_as, known.name):
            known.save()

    def _save_letter(self):
        form, letter = self.form, self.form.instance
        new_people = self.recipients.filled_in() or self.csv.typed
        has_people = new_people or self._names_somebody()
        if not form.has_words and not has_people:
            self._drop_letter(letter)
            return
        letter.campaign = self.campaign
        letter.recipient_list = self._list_of(form)
        form.store()
        self.letter = letter

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

    def _drop_letter(self, letter):
        """Delete the letter if nobody wants it, unless people have written with it."""
        if not letter.pk:
            return
        is_public = self.campaign.published_at is not None
        was_sent = letter.letters.exists() or letter.reported.exists()
        if is_public or was_sent:
            letter.save()
            return
        known, is_own = letter.recipient_list, self.is_own(letter.recipient_list)
        letter.delete()
        if is_own and not known.recipients.exists():
            known.delete()
        self.letter = None

    def _list_of(self, form):
        """The list that was chosen, or one for this campaign alone."""
        data, letter = form.cleaned_data, form.instance
        before = letter.recipient_list if letter.recipient_list_id else None
        chosen = data.get("recipients")
        if "recipients" in form.errors:
            chosen = before
        is_own = before is not None and self.is_own(before)
        if chosen is None:
            chosen = before if is_own and not before.recipients.exists() else None
        if chosen is None:
            chosen = RecipientList(name=free_list_name(str(self.campaign)))
        if chosen.pk is None or (chosen == before and is_own):
            named = data.get("addressed_as", chosen.addressed_as)
            if chosen.pk is None or chosen.addressed_as != named:
                chosen.addressed_as = named
                chosen.save()
        if is_own and chosen != before and not before.recipients.exists():
            # The old list is only this campaign's, and nobody is on it.
            letter.recipient_list = chosen
            letter.save()
            before.delete()
        return chosen

    def _save_people(self):
        filled_in = self.recipients.filled_in()
        if not filled_in:
            return
        known = self.letter.recipient_list
        people = known.recipients
        taken = set(people.in_office().values_list("email", flat=True))
        last = people.order_by("order").last()
        order = last.order if last else 0
        is_own = self.is_own(known)
        for row in filled_in:
            if not row.is_valid():
                continue
            if not is_own:
                row.add_error("email", self.SHARED)
            elif row.instance.email in taken:
                row.add_error("email", ON_THE_LIST)
            else:
                order = min(order + 1, csv_import.MOST_ORDER)
                row.instance.list, row.instance.order = known, order
                row.instance.save()
                taken.add(row.instance.email)
                self.people_added += 1
