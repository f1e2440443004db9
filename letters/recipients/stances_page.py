"""Where the officials stand: one table for a suggested letter, and forms for more."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Max
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from letters.recipients.stances import Stance
from letters.sending.deliveries import Delivery
from letters.suggested.models import SuggestedLetter
from letters.suggested.start import Start
from pages.day_inputs import DayInput

# Each official has a form, and a request takes at most a thousand fields.
A_PAGE = 30


class StanceForm(forms.ModelForm):
    """One more entry for an official; left empty, it adds nothing."""

    class Meta:
        model = Stance
        fields = ["kind", "day", "source", "url", "note"]
        widgets = {
            "day": DayInput,
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, empty_permitted=True, use_required_attribute=False, **kwargs
        )
        said = [
            choice for choice in Stance.Kind.choices if choice[0] != Stance.Kind.ASKED
        ]
        self.fields["kind"].choices = [("", _("Choose")), *said]
        self.fields["source"].required = True

    def clean_day(self):
        day = self.cleaned_data["day"]
        # Where the campaigner is, it may be tomorrow already.
        if day > timezone.localdate() + timedelta(days=1):
            raise forms.ValidationError(
                _("Enter a day that is not in the future."), code="future"
            )
        return day


class PositionRow:
    """An official in the table, with what writers told us and the form for more."""

    def __init__(self, position, told, typed):
        self.position = position
        self.told = told
        # What writers told is old news once there is an entry of that day or later.
        newest = position.newest
        if told and newest and newest.day >= told["newest"]:
            self.told = None
        prefix = f"r{position.recipient.pk}"
        if typed is not None and self.told and f"{prefix}-told" in typed:
            typed = typed.copy()
            typed[f"{prefix}-kind"] = Stance.Kind.ANSWERED
            typed[f"{prefix}-day"] = self.told["newest"].isoformat()
            typed[f"{prefix}-source"] = gettext("Writers told us")
        self.form = StanceForm(typed, prefix=prefix)


def stances(request, pk):
    """All officials with what they have said; several entries may be added at once."""
    letter = _letter(request, pk)
    start = Start(letter)
    told = _told_by_writers(letter)
    typed = request.POST if request.method == "POST" else None
    query = request.GET.get("q", "").strip()[:100]
    positions = start.stances.of_officials(start.recipients)
    page = Paginator(_named(query, positions), A_PAGE).get_page(request.GET.get("p"))
    rows = [
        PositionRow(position, told.get(position.recipient.pk), typed)
        for position in page
    ]
    forms_are_good = typed is not None and all(row.form.is_valid() for row in rows)
    if forms_are_good:
        number = _add(request, letter, rows)
        if number:
            said = ngettext("%d entry added.", "%d entries added.", number)
            messages.success(request, said % number)
        else:
            messages.warning(
                request,
                _("Nothing is saved. Choose a stance for at least one official."),
            )
        return redirect(request.get_full_path())
    context = {
        "title": _("Where they stand"),
        "rows": rows,
        "page": page,
        "query": query,
        "is_long": len(positions) > A_PAGE,
        "has_errors": typed is not None,
    }
    status = 422 if typed is not None else 200
    return _page(request, letter, "stances", context, status)


def _named(query, positions):
    """Positions in whose name, office or ward all these words stand."""
    words = query.casefold().split()
    return [
        position
        for position in positions
        if all(word in position.recipient.label.casefold() for word in words)
    ]


def removal(request, pk, stance):
    """Show a wrong entry and remove it; the log notes who did."""
    letter = _letter(request, pk)
    entry = get_object_or_404(
        letter.stances.said().select_related("recipient"), pk=stance
    )
    if request.method == "POST":
        with transaction.atomic():
            _log(request, letter, gettext("Removed: %s"), entry)
            entry.delete()
        request.audit.erased()
        messages.success(request, _("We have removed the entry."))
        return redirect("admin:letters_stances", pk)
    context = {"title": _("Remove this entry?"), "entry": entry}
    return _page(request, letter, "stance_removal", context)


def _add(request, letter, rows):
    added = [row for row in rows if row.form.has_changed()]
    with transaction.atomic():
        for row in added:
            entry = row.form.save(commit=False)
            entry.letter, entry.recipient = letter, row.position.recipient
            entry.entered_by = request.user
            entry.save()
            _log(request, letter, gettext("Added: %s"), entry)
    return len(added)


def _log(request, letter, sentence, entry):
    LogEntry.objects.log_actions(
        request.user.pk,
        [letter],
        CHANGE,
        sentence % f"{entry.recipient}, {entry}",
        single_object=True,
    )


def _told_by_writers(letter):
    """By official: how many writers told us of an answer, and the newest day."""
    told = (
        Delivery.objects.filter(
            letter__suggested_letter=letter, letter__is_thanks=False, was_answered=True
        )
        .values("recipient")
        .annotate(number=Count("letter"), at=Max("answered_at"))
        .order_by()
    )
    return {
        row["recipient"]: {
            "number": row["number"],
            "newest": timezone.localdate(row["at"]),
        }
        for row in told
    }


def _letter(request, pk):
    letter = get_object_or_404(
        SuggestedLetter.objects.select_related("campaign", "recipient_list"), pk=pk
    )
    if not request.user.has_perm("letters.change_suggestedletter"):
        raise PermissionDenied
    return letter


def _page(request, letter, template, context, status=200):
    return TemplateResponse(
        request,
        f"admin/letters/{template}.html",
        {
            **admin.site.frame(request, SuggestedLetter._meta),
            "letter": letter,
            **context,
        },
        status=status,
    )
