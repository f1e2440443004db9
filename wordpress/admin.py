"""The desk of an import: a file is uploaded, what comes of it is chosen and brought."""

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from wordpress.models import (
    FILES,
    PICTURES,
    Becomes,
    WordPressImport,
)

MOST_BYTES = 100 * 1024 * 1024
A_PAGE = 100
# What an export holds and never comes, by the words of planning.py.
LEFT_OUT = {
    "attachment": _("pictures and files; they come with their posts"),
    "comment in the bin": _("comments in the bin"),
    "in the bin": _("posts in the bin"),
    "nav_menu_item": _("lines of menus"),
    "pingback": _("links from other websites (pingbacks)"),
    "too many at once": _("posts after the first 5,000"),
    "twice in the file": _("posts that are in the file twice"),
}


class UploadForm(forms.ModelForm):
    file = forms.FileField(
        label=_("Export"),
        error_messages={"required": _("Choose the file.")},
        help_text=_(
            "The XML file that WordPress makes under Tools, Export, “All content”. At "
            "most 100 MB."
        ),
    )
    pictures = forms.FileField(
        label=_("Pictures"),
        required=False,
        help_text=_(
            "A ZIP of the folder wp-content/uploads. We fetch no picture from the old "
            "website."
        ),
    )

    class Meta:
        model = WordPressImport
        fields = ()

    def clean(self):
        data = super().clean()
        sent = [data[name] for name in ("file", "pictures") if data.get(name)]
        if sum(file.size for file in sent) > MOST_BYTES:
            self.add_error("file", _("Choose a file of at most 100 MB."))
        return data


class ChoicesForm(forms.ModelForm):
    """What each post and page of one page of the list becomes, and where it goes."""

    goes_to = forms.ChoiceField(label=_("Campaign for the updates"), required=False)

    class Meta:
        model = WordPressImport
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = self.page.object_list
        for row in self.rows:
            if row.came_at is None:
                self.fields[f"becomes-{row.pk}"] = forms.ChoiceField(
                    label=_("What “%s” becomes") % row,
                    choices=row.can_become,
                    initial=row.becomes,
                )
        of = self.instance
        ours = Campaign.objects.not_deleted().order_by("title", "pk")
        here = Q(pk__in=[row.pk for row in self.rows if row.came_at is None])
        new = of.items.filter(here | Q(becomes=Becomes.CAMPAIGN), came_at=None)
        self.fields["goes_to"].choices = [
            ("", _("none")),
            *((f"item {row.number}", _("new: %s") % row) for row in new),
            *((f"ours {one.pk}", Truncator(str(one)).chars(80)) for one in ours),
        ]
        if of.into_id:
            self.initial["goes_to"] = f"ours {of.into_id}"
        elif of.into_number is not None:
            self.initial["goes_to"] = self._place_of(of.into_number)

    def _place_of(self, number):
        """An item, or the campaign that it is by now."""
        row = self.instance.items.filter(number=number).first()
        if row and row.came_at and row.campaign_id:
            return f"ours {row.campaign_id}"
        return f"item {number}"

    @property
    def lines(self):
        """Each row with its field, if there is still something to choose."""
        fields = {name: self[name] for name in self.fields}
        return [(row, fields.get(f"becomes-{row.pk}")) for row in self.rows]

    def clean(self):
        data = super().clean()
        chosen = {row.pk: data.get(f"becomes-{row.pk}") for row in self.rows}
        others = self.instance.chosen().exclude(pk__in=chosen)
        to_go = {*chosen.values(), *others.values_list("becomes", flat=True)}
        place = data.get("goes_to", "")
        if place.startswith("item "):
            number = int(place.removeprefix("item "))
            [row] = self.instance.items.filter(number=number)
            if chosen.get(row.pk, row.becomes) != Becomes.CAMPAIGN:
                place = ""
        if not place and Becomes.UPDATE in to_go:
            self.add_error("goes_to", _("Choose the campaign that they go to."))
        return data

    def store(self):
        """Keep the choices. What came meanwhile stays as it is."""
        of, place = self.instance, self.cleaned_data["goes_to"]
        kind, _blank, key = place.partition(" ")
        into = int(key) if kind == "ours" else None
        into_number = int(key) if kind == "item" else None
        of.note(into_id=into, into_number=into_number)
        for row in self.rows:
            becomes = self.cleaned_data.get(f"becomes-{row.pk}")
            if becomes and becomes != row.becomes:
                of.items.filter(pk=row.pk, came_at=None).update(becomes=becomes)


@admin.register(WordPressImport)
class WordPressImportAdmin(admin.ModelAdmin):
    filled_by = _(
        "Nothing was imported yet. Upload an export of your WordPress website with the "
        "button above. You then choose what comes."
    )
    list_display = ["__str__", "site", "step", "asked_by", "asked_at"]
    list_select_related = ["asked_by"]
    show_full_result_count = False
    change_form_template = "admin/wordpress/import.html"

    def get_fieldsets(self, request, obj=None):
        fields = [] if obj else ["file", "pictures"]
        return [(None, {"fields": fields})]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            return UploadForm
        pages = Paginator(obj.items.select_related("campaign", "update"), A_PAGE)
        page = pages.get_page(request.GET.get("p"))
        return type("ChoicesForm", (ChoicesForm,), {"page": page})

    def has_change_permission(self, request, obj=None):
        """Nobody while it is being read or brought, or cannot be."""
        waits = obj is None or obj.step in (obj.Step.PLANNED, obj.Step.DONE)
        return waits and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, of, form, change):
        if change:
            form.store()
            if "_bring" in request.POST:
                of.bring_later()
            return
        of.asked_by = request.user
        of.file_name = form.cleaned_data["file"].name[:120]
        sent = form.cleaned_data.get("pictures")
        of.has_pictures = bool(sent)
        FILES.save(of.name, form.cleaned_data["file"])
        if sent:
            PICTURES.save(of.name, sent)
        with transaction.atomic():
            of.save()
            of.read_later()

    def save_related(self, request, form, formsets, change):
        """There is nothing beside the row."""

    def construct_change_message(self, request, form, formsets, add=False):
        return []

    def response_add(self, request, of, post_url_continue=None):
        said = _("We are reading it. This page shows how far we have got.")
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:wordpress_wordpressimport_change", of.pk)

    def response_change(self, request, of):
        if "_bring" in request.POST:
            said = _("We are importing it. This page shows how far we have got.")
        else:
            said = _("We saved what you chose.")
        self.message_user(request, said, messages.SUCCESS)
        return redirect(request.get_full_path())

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context |= _shown(obj, context["adminform"].form)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def _shown(of, form):
    """What the page of an import shows beside its form."""
    items = of.items.all()
    return {
        "page": form.page,
        "lines": form.lines,
        "came": items.exclude(came_at=None).count(),
        "failed": items.exclude(why=[]).count(),
        "left_out": [
            (LEFT_OUT.get(kind, kind), number)
            for kind, number in sorted(of.left_out.items())
        ],
    }
