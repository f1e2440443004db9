"""The admin site: what all its pages have in common, ours and those of packages."""

from functools import wraps
from itertools import chain

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import (
    SEARCH_VAR,
    ChangeList,
    ChangeListSearchForm,
)
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import (
    BadRequest,
    ImproperlyConfigured,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, models
from django.http import Http404
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from pages.templatetags.punctuation import colon
from staff import reach
from staff.audit import trail
from staff.audit.models import AuditEntry
from staff.desk_fields import DeskFields, as_desk_rows
from staff.moment_columns import with_short_moments
from staff.related_filters import ReachedChoices

# A search looks for each word in every field: 1,200 words took 6.5 s.
MOST_WORDS, LONGEST_SEARCH = 12, 200
# Django's own views beside those of its admins redirect, and show nothing.
LEAD_ON = (shortcut, RedirectView)


class StaffSite(admin.AdminSite):
    """Answers in words when a key or a filter is none, where Django's own site fails.

    Each page says whose data it shows, so that what staff saw and did is written down.
    """

    empty_value_display = "–"
    enable_nav_sidebar = False  # campaign_site/menu.py has what stood there

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register a model; its admin gets what all admins of this site share."""
        own = admin_class or admin.ModelAdmin
        shared = type(own.__name__, (OfStaff, own), {})
        super().register(model_or_iterable, shared, **options)

    def admin_view(self, view, cacheable=False, *, about=None, of=None, exports=False):
        """A page for staff; a query that the database cannot read is a bad request.

        `about` is the label of the model whose rows the page shows. It is "" when the
        page shows nothing about anybody, or calls trail.note() itself. `of` is the
        label of the model whose key stands in the address, if that is another one:
        whoever may not see this row finds no page (staff/reach.py). A method of a
        ModelAdmin need say neither: both are its model. A page that `exports` is one
        that staff take data along from.
        """
        subject = _subject(view) if about is None else about
        keyed = of or subject
        leads_on = getattr(view, "view_class", None) is RedirectView

        @wraps(view)
        def asked(request, *args, **kwargs):
            if not leads_on:
                _enter(request, keyed, kwargs)
            try:
                return view(request, *args, **kwargs)
            except DataError as error:
                if not request.GET:  # a form has checked what was posted
                    raise
                raise BadRequest from error
            except SuspiciousOperation as error:  # a field that must not be named
                raise BadRequest from error

        audited = trail.audited(asked, subject, keyed, exports=exports)
        return super().admin_view(audited, cacheable)

    def get_app_list(self, request, app_label=None):
        """The lists of the site, made for a page that shows them.

        Every page is given them, and few show them.
        """
        make = super().get_app_list
        return SimpleLazyObject(lambda: make(request, app_label))

    def each_context(self, request):
        site_wide = {"works_for_the_site": reach.works_for_the_site(request.user)}
        return super().each_context(request) | site_wide

    def frame(self, request, opts=None):
        """What the templates of our own pages need, to look like those of the admin.

        `opts` are those of the model that a page is about.
        """
        return self.each_context(request) | {"opts": opts}

    def app_index(self, request, app_label, extra_context=None):
        """The lists of one part of the site, under its plain name."""
        page = super().app_index(request, app_label, extra_context)
        page.context_data["title"] = page.context_data["app_list"][0]["name"]
        return page

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)


class Autocomplete(AutocompleteJsonView):
    """Answers only for fields that a form of ours searches in this way."""

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
    """The label of the model that a view is about; "" for pages of the site."""
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


def _enter(request, label, given):
    """Raise Http404 when the address names a row that this person may not see."""
    if "content_type_id" in given:  # Django's way to the page of any row
        kind, found = given["content_type_id"], None
        if can_be(ContentType._meta.pk, kind):
            found = ContentType.objects.filter(pk=kind).first()
        label = f"{found.app_label}.{found.model}" if found else ""
        if not reach.is_placed(label):
            raise Http404
    key = given.get("pk", given.get("object_id"))
    if key is None:
        return
    if not label:
        raise ImproperlyConfigured("A page with a key in its address must say of what.")
    model = apps.get_model(label)
    if can_be(model._meta.pk, key := unquote(str(key))):
        reach.enter(request.user, model, key)


class SearchForm(ChangeListSearchForm):
    """Says its error above the list, which is shown as if nothing was searched for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[SEARCH_VAR].validators.append(refuse_long_search)


class RowList(ChangeList):
    """Its title says what the rows are, where Django's asks to select one."""

    search_form_class = SearchForm

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_popup:
            self.title = capfirst(self.opts.verbose_name_plural)

    def get_results(self, request):
        """The rows of a page, with what `complete(rows)` of their admin adds to them.

        So numbers of other tables are read once for a page, and not once for each row.
        """
        super().get_results(request)
        # Django counts what is in the list only if the list counts all of its rows.
        self.show_admin_actions = self.show_admin_actions and bool(self.result_count)
        if hasattr(self.model_admin, "complete"):
            self.result_list = list(self.result_list)
            self.model_admin.complete(self.result_list)

    @property
    def is_narrowed(self):
        """Whether it is asked for more than the rows of one campaign."""
        return bool(self.query or self._narrowing)

    @property
    def chosen(self):
        """What the filters are set to, in words."""
        return [
            _said_of(spec, choice)
            for spec in self.filter_specs
            if set(spec.expected_parameters()) & set(self.get_filters_params())
            for choice in spec.choices(self)
            if choice["selected"]
        ]

    @property
    def _narrowing(self):
        return {name for name in self.get_filters_params() if not self._is_place(name)}

    def _is_place(self, name):
        field = name.removesuffix("__id__exact")
        known = name != field and self.model_admin.leads_to_campaigns(field)
        return known or name == "campaign"

    def url_for_result(self, result):
        """The form of a row, unless its admin names another page by `address_of`."""
        if hasattr(self.model_admin, "address_of"):
            return self.model_admin.address_of(result)
        return super().url_for_result(result)


def refuse_long_search(text):
    """Raise ValidationError when looking for all these words would take too long."""
    if len(text) > LONGEST_SEARCH or len(text.split()) > MOST_WORDS:
        raise ValidationError(
            _("Search for at most %(words)d words or %(letters)d characters."),
            code="long",
            params={"words": MOST_WORDS, "letters": LONGEST_SEARCH},
        )


class OfStaff(DeskFields, trail.Audited):
    """What all admins of this site share.

    Staff find the rows of the campaigns in which they have a role, and no others, and
    choose among these in forms and filters. A key that no row can have finds nothing, a
    search is not longer than a few words, and a file that came with a faulty form is
    kept. `also_shows` of an admin has the labels of other models whose rows its pages
    show: whoever may not see all of these opens none of its pages. `filled_by` is what
    an empty list says: what makes its first row.
    """

    # How many rows each choice of each filter has took minutes of a million rows.
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request):
        return reach.within(request.user, super().get_queryset(request))

    def get_list_filter(self, request):
        """The filters; those by a key offer what this person may see."""
        return [self._filter_by(one) for one in super().get_list_filter(request)]

    def _filter_by(self, one):
        return (one, ReachedChoices) if self.leads_to_campaigns(one) else one

    def get_list_display(self, request):
        """The columns; moments stand there in short."""
        return with_short_moments(self, super().get_list_display(request))

    def leads_to_campaigns(self, name):
        if not isinstance(name, str):
            return False
        field = get_fields_from_path(self.model, name)[-1]
        return field.is_relation and reach.belongs_to_campaigns(field.related_model)

    def has_view_permission(self, request, obj=None):
        return self._shows_only_what_is_seen(request) and super().has_view_permission(
            request, obj
        )

    def has_change_permission(self, request, obj=None):
        return self._shows_only_what_is_seen(request) and super().has_change_permission(
            request, obj
        )

    def _shows_only_what_is_seen(self, request):
        return all(map(request.user.may_see, getattr(self, "also_shows", ())))

    def get_changelist(self, request, **kwargs):
        return RowList

    def get_inlines(self, request, obj):
        return [as_desk_rows(one) for one in super().get_inlines(request, obj)]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.marks_optional = True
        return form

    def lookup_allowed(self, lookup, value, request):
        """Refuse to filter a list by a text that none of its pages shows.

        Otherwise staff who may only look could read the key of a mail, letter by
        letter: ?withdrawal_key__startswith=a.
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

    def response_action(self, request, queryset, *args, **kwargs):
        actions = {*filter(None, request.POST.getlist("action"))}
        if not actions <= self.get_actions(request).keys():
            raise PermissionDenied
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST = request.POST.copy()
        keys = [key for key in chosen if can_be(self.opts.pk, key)]
        request.POST.setlist(ACTION_CHECKBOX_NAME, keys)
        rows = self._may_be_acted_on(request, queryset)
        return super().response_action(request, rows, *args, **kwargs)

    def _may_be_acted_on(self, request, rows):
        """Those on which this person may do what they ask for, and not only see them.

        An action whose permission is none of Django's four changes rows.
        """
        for name, action in self.get_actions(request).items():
            if name not in request.POST.getlist("action"):
                continue
            for verb in getattr(action.func, "allowed_permissions", []):
                is_known = verb in ("view", "add", "delete")
                needed = self._permission(verb if is_known else "change")
                rows = reach.within(request.user, rows, needed)
        return rows

    def _permission(self, verb):
        codename = get_permission_codename(verb, self.opts)
        return f"{self.opts.app_label}.{codename}"

    def render_change_form(self, request, context, *args, **kwargs):
        """Show the form; if it has faults, keep the file that came with it.

        Labels have no colon, also those of what is only shown (pages/labels.py).

        A page with nothing to change offers no button to save, and its title is the
        name of what it shows.
        """
        form = context["adminform"].form
        if form.is_bound and hasattr(form, "keep_files"):
            form.keep_files()
        inlines = (one.formset.forms for one in context["inline_admin_formsets"])
        for each in chain([form], *inlines):
            each.label_suffix = ""
        if not form.fields and not context["inline_admin_formsets"]:
            context["title"] = capfirst(self.opts.verbose_name)
            context["show_save"] = context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            using = kwargs.get("using")
            widget = KeySelect(db_field, self.admin_site, using=using)
            kwargs.setdefault("widget", widget)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and reach.belongs_to_campaigns(db_field.related_model):
            verb = "change" if "object_id" in request.resolver_match.kwargs else "add"
            needed = self._permission(verb)
            field.queryset = reach.within(request.user, field.queryset, needed)
        return field


class KeySelect(AutocompleteSelect):
    """Does not look up a typed key before it was checked, as Django's widget does."""

    def optgroups(self, name, value, attr=None):
        """The choice, below an empty one, from which a required field begins, too."""
        keys = [key for key in value if can_be(self.field.target_field, key)]
        groups = super().optgroups(name, keys, attr)
        if self.is_required and not self.allow_multiple_selected:
            groups[0][1].insert(0, self.create_option(name, "", "", False, 0))
        return groups


def can_be(field, value):
    try:
        field.to_python(value)
    except ValidationError:
        return False
    return True


def _said_of(spec, choice):
    """A choice of a filter in words; “Yes” alone would not say of what."""
    if isinstance(spec, admin.BooleanFieldListFilter):
        return f"{capfirst(spec.title)}{colon()}{choice['display']}"
    return choice["display"]
