"""The admin as staff meet it. Each app registers its own models."""

from math import floor

from allauth.account.decorators import secure_admin_login
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.csp import CSP
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import normalize_newlines
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField

from branding import colours
from branding.models import THE_ONE, Branding, validate_colour, validate_line
from branding.site import the_site
from campaign_site.permissions import GROUPS
from campaigns.editor import editor_csp
from campaigns.models.campaign import LONGEST_RICH, STORY_EXTENSIONS
from campaigns.pictures import files as pictures
from pages.form_fields import refuse_hidden_characters
from versions.admin import KeptAdmin
from versions.kept_files import KeepsFiles, KeptFileField
from versions.models import Version
from versions.texts import keep

# The admin's own form asks for no second factor and knows no limit: staff/urls.py has
# the ways in.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = lazy(lambda: the_site().name, str)()
admin.site.site_title = admin.site.site_header
admin.site.index_title = _("Campaigns and moderation")

DESCRIPTION = _("What you do, in one sentence")
COLOURS = ("primary", "accent", "primary_dark", "accent_dark")
RICH = {
    "about": (_("About us"), _("The page “About us”. Empty: there is none.")),
    "privacy": (
        _("Your addition to the privacy page"),
        _(
            "Stands after what the page says by itself, which follows what the site "
            "really does and stays true. Empty: nothing is added."
        ),
    ),
    "imprint": (
        _("Legal notice"),
        _(
            "What the law where you live asks for: registration, who represents you. "
            "Who is responsible and the contact stand above it. Empty: no such page."
        ),
    ),
}
UNREADABLE = {
    "link": _(
        "Links in %(colour)s are hard to read: on the page’s ground %(ground)s their "
        "contrast is %(ratio)s to 1, and %(least)s to 1 is needed. The nearest colour "
        "that passes is %(nearest)s."
    ),
    "button": _(
        "Words on a button in %(colour)s are hard to read, dark or white: their "
        "contrast is at best %(ratio)s to 1, and %(least)s to 1 is needed. The nearest "
        "colour that passes is %(nearest)s."
    ),
    "shape": _(
        "A button in %(colour)s hardly shows in dark mode: on the page’s ground "
        "%(ground)s its contrast is %(ratio)s to 1, and %(least)s to 1 is needed. The "
        "nearest colour that passes is %(nearest)s."
    ),
}


class BrandingForm(KeepsFiles, forms.ModelForm):
    """The branding, with a file for its logo. Empty: as the settings say."""

    new_logo = KeptFileField(
        label=_("New logo"),
        required=False,
        help_text=_(
            "PNG, JPEG or WebP; shown on white. One that is about as wide as high also "
            "becomes the icon in browser tabs."
        ),
    )
    drop_logo = forms.BooleanField(label=_("Take the logo off"), required=False)

    def __init__(self, *args, instance=None, initial=None, **kwargs):
        shown = {
            "name": instance.name or settings.SITE_NAME,
            "contact_email": instance.contact_email or settings.CONTACT_EMAIL,
            "controller": instance.controller or settings.CONTROLLER,
            "primary": instance.primary or colours.designed()["light"]["link"],
            "accent": instance.accent or colours.designed()["light"]["accent"],
        }
        for code, said in instance.words.items():
            shown |= {f"{kind}_{code}": text for kind, text in said.items()}
        super().__init__(*args, instance=instance, initial=shown, **kwargs)
        made = instance.colours["dark"]
        shown = {"primary_dark": made["link"], "accent_dark": made["accent"]}
        for name in COLOURS:
            if name in self.fields:  # not for who may only look
                attrs = {"class": "branding-colour", "placeholder": shown.get(name, "")}
                self.fields[name].widget.attrs |= attrs | {"spellcheck": "false"}

    def clean_name(self):
        return self._own("name", settings.SITE_NAME)

    def clean_contact_email(self):
        return self._own("contact_email", settings.CONTACT_EMAIL)

    def clean_controller(self):
        return self._own("controller", settings.CONTROLLER)

    def clean_primary(self):
        return self._own("primary", colours.designed()["light"]["link"])

    def clean_accent(self):
        return self._own("accent", colours.designed()["light"]["accent"])

    def clean(self):
        data = super().clean()
        self.instance.words = {
            code: {
                kind: data.get(f"{kind}_{code}") or ""
                for kind in ("description", *RICH)
            }
            for code, _name in settings.LANGUAGES
        }
        for name in COLOURS:
            data[name] = normal_colour(data.get(name, ""))
        self._look_at_colours(data)
        if data.get("new_logo"):
            self._take_logo(data["new_logo"])
        elif data.get("drop_logo"):
            self.instance.drop_logo()
        return data

    def _own(self, name, default):
        """What was typed, or "" for what the settings or the design say anyhow."""
        typed = normalize_newlines(self.cleaned_data[name]).strip()
        if name in COLOURS:
            typed = normal_colour(typed)
        return "" if typed == default else typed

    def _look_at_colours(self, data):
        chosen = {name: data[name] for name in COLOURS}
        if any(colour and not is_colour(colour) for colour in chosen.values()):
            return  # the field says so itself
        for figure in colours.contrasts(**chosen):
            if not figure.passes and chosen[figure.field]:
                said = figure._asdict() | {"ratio": as_ratio(figure.ratio)}
                self.add_error(figure.field, UNREADABLE[figure.use] % said)

    def _take_logo(self, file):
        try:
            if file.size > pictures.MOST_BYTES:
                raise pictures.NotAPicture(_("Choose a picture of at most 10 MB."))
            self.instance.take_logo(pictures.read(file))
        except pictures.NotAPicture as reason:
            self.add_error("new_logo", str(reason))


@admin.register(Branding)
class BrandingAdmin(KeptAdmin):
    """One page: there is one branding, also before anybody has changed it."""

    form = BrandingForm
    readonly_fields = ["sender_address", "logo_now", "preview"]
    change_form_template = "admin/branding/branding.html"

    def get_fieldsets(self, request, obj=None):
        fieldsets = [
            (None, {"fields": ["name", "contact_email", "controller"]}),
            (_("Mails"), {"fields": ["sender_name", "sender_address"]}),
            (
                _("Logo"),
                {"fields": ["logo_now", "new_logo", "drop_logo", "logo_says_name"]},
            ),
            (_("Colours"), {"fields": [*COLOURS, "preview"]}),
        ]
        for code, _name in settings.LANGUAGES:
            title = _("Texts")
            if len(settings.LANGUAGES) > 1:
                title = get_language_info(code)["name_local"]
            fields = [f"{kind}_{code}" for kind in ("description", *RICH)]
            fieldsets.append((title, {"fields": fields}))
        return fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        words = {
            name: field
            for code, _name in settings.LANGUAGES
            for name, field in fields_of_words(code)
        }
        form = type(self.form)("BrandingForm", (self.form,), words)
        return super().get_form(request, obj, change=change, form=form, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        if object_id != str(THE_ONE):
            return None
        return super().get_object(request, object_id, from_field) or Branding(
            pk=THE_ONE
        )

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect("admin:branding_branding_change", THE_ONE)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        title = {"title": _("The site’s branding"), "subtitle": None}
        view = csp_override(editor_csp())(super().change_view)
        return view(request, object_id, form_url, title | (extra_context or {}))

    def response_post_save_change(self, request, obj):
        return redirect("admin:branding_branding_change", THE_ONE)

    def save_model(self, request, obj, form, change):
        if obj._state.adding:  # what the settings say is a version, too
            Branding.objects.bulk_create([Branding(pk=THE_ONE)], ignore_conflicts=True)
            Version.objects.note(Branding.objects.get())
        super().save_model(request, obj, form, change)
        if "contact_email" in form.changed_data:
            address = obj.contact_email or settings.CONTACT_EMAIL
            said = _(
                "From now on people write to %s. Write there once yourself, to see "
                "that it arrives."
            )
            self.message_user(request, said % address, messages.WARNING)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        views = [("preview", self.preview_view), ("preview.css", self.preview_css)]
        return [
            *(
                path(name, self.admin_site.admin_view(view), name=f"branding-{name}")
                for name, view in views
            ),
            *super().get_urls(),
        ]

    @admin.display(description=_("address of our mails"))
    def sender_address(self, branding):
        return format_html(
            "{}<br>{}",
            settings.SERVER_EMAIL,
            _(
                "It stays in the settings of the server (DEFAULT_FROM_EMAIL): mail "
                "services believe it by the SPF and DKIM records of its domain, and "
                "would take mails from another one for spam."
            ),
        )

    @admin.display(description=_("logo now"))
    def logo_now(self, branding):
        if not branding.logo_digest:
            return _("None: the site’s mark, a dog and a cat before a light.")
        return format_html(
            '<img class="branding-logo" src="{}" alt="{}" width="{}" height="{}">',
            *(
                branding.logo_url,
                _("The logo"),
                branding.logo_width,
                branding.logo_height,
            ),
        )

    @admin.display(description=_("how it looks"))
    def preview(self, branding):
        query = urlencode({name: getattr(branding, name) for name in COLOURS})
        address = reverse("admin:branding-preview")
        shown = {"address": address, "query": query}
        return render_to_string("admin/branding/_preview_frame.html", shown)

    def preview_view(self, request):
        """A page in colours that are not saved yet, in both schemes, with contrasts."""
        return self._of_colours(request, self._preview_page)

    def preview_css(self, request):
        return self._of_colours(request, self._preview_sheet)

    def _of_colours(self, request, view):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else request.GET
        chosen = {name: normal_colour(sent.get(name, "")) for name in COLOURS}
        if chosen["primary"] == colours.designed()["light"]["link"]:
            chosen["primary"] = ""
        if chosen["accent"] == colours.designed()["light"]["accent"]:
            chosen["accent"] = ""
        wrong = [name for name, colour in chosen.items() if not is_colour(colour)]
        chosen |= dict.fromkeys(wrong, "")
        return view(request, chosen)

    @staticmethod
    @xframe_options_sameorigin
    @csp_override(settings.SECURE_CSP | {"frame-ancestors": [CSP.SELF]})
    def _preview_page(request, chosen):
        schemes = {"light": [], "dark": []}
        for figure in colours.contrasts(**chosen):
            scheme = "dark" if figure.field.endswith("_dark") else "light"
            schemes[scheme].append((figure, as_ratio(figure.ratio)))
        sheet = f"{reverse('admin:branding-preview.css')}?{urlencode(chosen)}"
        context = {"schemes": schemes, "sheet": sheet}
        return render(request, "admin/branding/preview.html", context)

    @staticmethod
    def _preview_sheet(request, chosen):
        sheet = colours.stylesheet_within(colours.palette(**chosen))
        return HttpResponse(sheet, content_type="text/css; charset=utf-8")


def fields_of_words(code):
    """The form's fields for the texts in one language, with their names."""
    yield (
        f"description_{code}",
        forms.CharField(
            label=DESCRIPTION,
            max_length=200,
            required=False,
            validators=[validate_line],
            help_text=_(
                "Stands on the home page, at the end of each page and in search "
                "results. Empty: the site’s own sentence."
            ),
            widget=forms.TextInput({"class": "vTextField"}),
        ),
    )
    for kind, (label, help_text) in RICH.items():
        field = ProseEditorFormField(
            label=label,
            help_text=help_text,
            max_length=LONGEST_RICH,
            required=False,
            validators=[refuse_hidden_characters],
            extensions=STORY_EXTENSIONS,
            sanitize=True,
            widget=AdminTextareaWidget,
        )
        yield f"{kind}_{code}", field


class InOneLanguage:
    """A text of the branding in one language as a field, for its versions."""

    def __init__(self, kind, code, label, **kwargs):
        if len(settings.LANGUAGES) > 1:
            label = f"{label} ({get_language_info(code)['name_local']})"
        super().__init__(label, blank=True, **kwargs)
        self.set_attributes_from_name(f"{kind}_{code}")
        self.kind, self.code = kind, code

    def value_from_object(self, branding):
        return branding.words.get(self.code, {}).get(self.kind, "")

    def save_form_data(self, branding, text):
        said = branding.words.setdefault(self.code, {})
        said[self.kind] = self.clean(text, branding)


class LineInOneLanguage(InOneLanguage, models.CharField):
    pass


class ProseInOneLanguage(InOneLanguage, ProseEditorField):
    pass


def kept_words():
    """All texts of the branding, each in each language, as fields."""
    for code, _name in settings.LANGUAGES:
        yield LineInOneLanguage(
            "description",
            code,
            DESCRIPTION,
            max_length=200,
            validators=[validate_line],
        )
        for kind, (label, _help_text) in RICH.items():
            yield ProseInOneLanguage(
                kind, code, label, extensions=STORY_EXTENSIONS, sanitize=True
            )


# Here, not beside the branding: versions stand on what the branding stands on.
keep(Branding, stays=["logo_says_name"], more=kept_words)


def normal_colour(text):
    """A colour as we keep it, also of #ABC and 0b5969; else what was typed."""
    digits = text.strip().lower().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return f"#{digits}" if is_colour(f"#{digits}") else text.strip()


def is_colour(text):
    return not text or bool(validate_colour.regex.fullmatch(text))


def as_ratio(ratio):
    """Never rounded up: 4.499 does not pass."""
    return f"{floor(ratio * 100) / 100:g}"


admin.site.unregister(Group)


@admin.register(Group)
class OwnGroupAdmin(GroupAdmin):
    """Groups of people who work here; those of permissions.py are made by that file."""

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser and not self._is_of_the_file(obj)

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser and not self._is_of_the_file(obj)

    def _is_of_the_file(self, obj):
        return obj is not None and obj.name in GROUPS
