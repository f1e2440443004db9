"""The page on which staff change the branding of the site."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.csp import CSP
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from branding import colours
from branding.models import THE_ONE, Branding
from campaign_site.branding_form import (
    COLOURS,
    BrandingForm,
    as_ratio,
    is_colour,
    normal_colour,
)
from campaign_site.branding_texts import KINDS, fields_of_words
from campaigns.editor import editor_csp
from pages.languages import own_name
from versions.models import Version
from versions.versioned_admin import VersionedAdmin

_FURTHER = _(
    "If you leave a text empty here, people read it in the first language that has it. "
    "A sentence says so."
)


@admin.register(Branding)
class BrandingAdmin(VersionedAdmin):
    """The page of the branding, which exists even if nobody has changed anything."""

    is_audited = False
    form = BrandingForm
    readonly_fields = ["sender_address", "logo_now", "preview"]
    change_form_template = "admin/branding/branding.html"

    def get_fieldsets(self, request, obj=None):
        fieldsets = [
            (None, {"fields": ["name", "contact_email", "controller"]}),
            (_("Emails"), {"fields": ["sender_name", "sender_address"]}),
            (
                _("Logo"),
                {"fields": ["logo_now", "new_logo", "drop_logo", "logo_says_name"]},
            ),
            (_("Colours"), {"fields": [*COLOURS, "preview"]}),
        ]
        for code, _name in settings.LANGUAGES:
            title = _("Texts")
            if len(settings.LANGUAGES) > 1:
                title = own_name(code)
            fields = [f"{kind}_{code}" for kind in KINDS]
            # One language is open; of the others, those in which something is wrong.
            is_first = code == settings.LANGUAGE_CODE
            classes, told = ([], "") if is_first else (["collapse"], _FURTHER)
            options = {"fields": fields, "classes": classes, "description": told}
            fieldsets.append((title, options))
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
        title = {"title": _("Name, contact and colours"), "subtitle": None}
        view = csp_override(editor_csp())(super().change_view)
        return view(request, object_id, form_url, title | (extra_context or {}))

    def response_change(self, request, obj):
        said = _("Saved. Every page and email shows it within half a minute.")
        self.message_user(request, said, messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def response_post_save_change(self, request, obj):
        return redirect("admin:branding_branding_change", THE_ONE)

    def save_model(self, request, obj, form, change):
        if obj._state.adding:  # the values of the settings are a version, too
            Branding.objects.bulk_create([Branding(pk=THE_ONE)], ignore_conflicts=True)
            Version.objects.note(Branding.objects.get())
        super().save_model(request, obj, form, change)
        if "contact_email" in form.changed_data:
            address = obj.contact_email or settings.CONTACT_EMAIL
            said = _(
                "People now write to %s. Send a message there yourself, to check "
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

    @admin.display(description=_("address of our emails"))
    def sender_address(self, branding):
        return format_html(
            "{}<br>{}",
            settings.SERVER_EMAIL,
            _(
                "Only the person who runs the server can change it (setting "
                "DEFAULT_FROM_EMAIL). Emails from another address could land in spam."
            ),
        )

    @admin.display(description=_("logo now"))
    def logo_now(self, branding):
        if not branding.logo_digest:
            return _(
                "None. The site shows its own mark, a dog and a cat in front "
                "of a light."
            )
        return format_html(
            '<img class="branding-logo" src="{}" alt="{}" width="{}" height="{}">',
            *(
                branding.logo_url,
                _("The logo"),
                branding.logo_width,
                branding.logo_height,
            ),
        )

    @admin.display(description=_("preview"))
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
        wrong = [name for name, colour in chosen.items() if not is_colour(colour)]
        chosen |= dict.fromkeys(wrong, "")
        return view(request, chosen)

    @staticmethod
    @xframe_options_sameorigin
    @csp_override(settings.SECURE_CSP | {"frame-ancestors": [CSP.SELF]})
    def _preview_page(request, chosen):
        figures = [(one, as_ratio(one.ratio)) for one in colours.contrasts(**chosen)]
        sheet = f"{reverse('admin:branding-preview.css')}?{urlencode(chosen)}"
        context = {
            "schemes": ["light", "dark"],
            "contrasts": figures,
            "least": colours.TEXT_CONTRAST,
            "sheet": sheet,
        }
        return render(request, "admin/branding/preview.html", context)

    @staticmethod
    def _preview_sheet(request, chosen):
        sheet = colours.stylesheet(**chosen)
        return HttpResponse(sheet, content_type="text/css; charset=utf-8")
