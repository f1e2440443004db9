"""The admin site: what each page of it can rely on, our own and another app's alike."""

from functools import wraps

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import (
    SEARCH_VAR,
    ChangeList,
    ChangeListSearchForm,
)
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import (
    BadRequest,
    ImproperlyConfigured,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, models
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from staff.audit import trail
from staff.audit.models import AuditEntry

# Each word that is searched for is looked for in every field: 1,200 of them took 6.5 s.
MOST_WORDS, LONGEST_SEARCH = 12, 200
# Django's own views beside those of its admins: they lead on and show nothing.
LEAD_ON = (shortcut, RedirectView)


class StaffSite(admin.AdminSite):
    """Answers a key or a filter that is none in words: Django's own fails.

    Each page says whose data it shows, so that what staff saw and did is written down.
    """

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register a model, its admin with what all admins of this site share."""
        own = admin_class or admin.ModelAdmin
        shared = type(own.__name__, (OfStaff, own), {})
        super().register(model_or_iterable, shared, **options)

    def admin_view(self, view, cacheable=False, *, about=None):
        """A page of staff. A query that the database cannot read is a bad request.

        `about` is the label of the model whose rows the page shows, or "" when it shows
        nothing about anybody, or calls trail.note() itself. A method of a ModelAdmin
        need not say it: it is about its model.
        """
        subject = _subject(view) if about is None else about

        @wraps(view)
        def asked(request, *args, **kwargs):
            request.is_about = subject
            try:
                return view(request, *args, **kwargs)
            except DataError as error:
                if not request.GET:  # what was posted has passed a form
                    raise
                raise BadRequest from error
            except SuspiciousOperation as error:  # a field that nobody may name
                raise BadRequest from error

        return super().admin_view(asked, cacheable)

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)


class Autocomplete(AutocompleteJsonView):
    """Finds for the fields alone that a form of ours searches in this way."""

    def process_request(self, request):
        found = super().process_request(request)
        if not self._is_offered(found[2]):
            raise PermissionDenied
        return found

    def _is_offered(self, field):
        return any(
            one.model is field.model and field.name in one.autocomplete_fields
            for model_admin in self.admin_site._registry.values()
            for one in (model_admin, *model_admin.inlines)
        )

    def get_queryset(self):
        found = super().get_queryset()
        return found if found.ordered else found.order_by("pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        label = self.model_admin.opts.label_lower
        keys = [row.pk for row in context["object_list"]]
        trail.note(
            self.request, AuditEntry.Kind.LISTED, label, keys, action="autocomplete"
        )
        return context


def _subject(view):
    """The model that a view is about, as a label; "" for the pages of the site."""
    while not hasattr(view, "__self__") and hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    owner = getattr(view, "__self__", None)
    if isinstance(owner, admin.ModelAdmin):
        return owner.opts.label_lower
    if isinstance(owner, admin.AdminSite):
        return ""
    if getattr(view, "view_class", view) in LEAD_ON:
        return ""
    raise ImproperlyConfigured(
        f"{view.__qualname__} must say whose data it shows: "
        'admin_view(view, about="app.model"), or about="" when it shows none.'
    )


class SearchForm(ChangeListSearchForm):
    """Says it above the list, which is then shown as if nothing was searched for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[SEARCH_VAR].validators.append(refuse_long_search)


class RowList(ChangeList):
    search_form_class = SearchForm


def refuse_long_search(text):
    """Raise ValidationError when looking for all this would take too long."""
    if len(text) > LONGEST_SEARCH or len(text.split()) > MOST_WORDS:
        raise ValidationError(
            _("Search for at most %(words)d words, or %(letters)d characters."),
            code="long",
            params={"words": MOST_WORDS, "letters": LONGEST_SEARCH},
        )


class OfStaff(admin.ModelAdmin):
    """What all admins of this site share.

    What cannot be the key of a row is the key of none, nobody searches for a whole page
    of words, and a file that came with a faulty form is kept.
    """

    def get_changelist(self, request, **kwargs):
        return RowList

    def lookup_allowed(self, lookup, value, request):
        """Nobody filters a list by a text that no page of it shows.

        Else who may only look reads the key in somebody's mail, letter by letter:
        ?withdrawal_key__startswith=a.
        """
        name = lookup.partition("__")[0]
        texts = (models.CharField, models.TextField, models.BinaryField)
        secret = {
            field.name
            for field in self.opts.fields
            if isinstance(field, texts) and not field.editable
        }
        is_shown = name in self.get_list_display(request)
        is_offered = name in self.get_list_filter(request)
        if name in secret and not (is_shown or is_offered):
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request, queryset, search_term):
        try:
            refuse_long_search(search_term)
        except ValidationError as error:
            raise BadRequest(*error.messages) from None
        return super().get_search_results(request, queryset, search_term)

    def response_action(self, request, *args, **kwargs):
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST = request.POST.copy()
        keys = [key for key in chosen if can_be(self.opts.pk, key)]
        request.POST.setlist(ACTION_CHECKBOX_NAME, keys)
        return super().response_action(request, *args, **kwargs)

    def render_change_form(self, request, context, *args, **kwargs):
        """The form, and again when it has faults: a file that came with it is kept."""
        form = context["adminform"].form
        if form.is_bound and hasattr(form, "keep_files"):
            form.keep_files()
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            using = kwargs.get("using")
            widget = KeySelect(db_field, self.admin_site, using=using)
            kwargs.setdefault("widget", widget)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class KeySelect(AutocompleteSelect):
    """Django's own looks a typed key up before anybody has checked it."""

    def optgroups(self, name, value, attr=None):
        keys = [key for key in value if can_be(self.field.target_field, key)]
        return super().optgroups(name, keys, attr)


def can_be(field, value):
    try:
        field.to_python(value)
    except ValidationError:
        return False
    return True
