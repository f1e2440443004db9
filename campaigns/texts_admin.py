"""What the admins of all texts in further languages have."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class LanguageFilter(admin.ChoicesFieldListFilter):
    """The languages of the site, which its settings name: no words of ours."""

    shows_data = True


class TextInLanguageForm(forms.ModelForm):
    """A text in a further language, and whether readers get it."""

    shows = forms.BooleanField(
        label=capfirst(_("published")),
        required=False,
        help_text=_("If not, it is a draft that only staff can see."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shows"].initial = self.instance.published_at is not None

    def clean(self):
        data = super().clean()
        if not data.get("shows"):
            self.instance.published_at = None
        elif self.instance.published_at is None:
            self.instance.published_at = timezone.now()
        return data


class TextInLanguageAdmin(admin.ModelAdmin):
    form = TextInLanguageForm

    @admin.display(description=_("state"))
    def state(self, text):
        return _("published") if text.published_at else _("draft")

    def get_queryset(self, request):
        """Those of campaigns that are not deleted."""
        found = super().get_queryset(request)
        return found.filter(**{f"{self.model.CAMPAIGN}__deleted_at": None})
