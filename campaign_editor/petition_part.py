"""The sentence that people sign, in the guided form."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign_editor.parts import ModelPart
from campaigns.same_meaning import SaysTheSame
from petitions.models import Petition


class PetitionPart(SaysTheSame, ModelPart, forms.ModelForm):
    examples = {
        "ask": _("I ask Mayor Kim to close the dog meat market in Bucheon for good."),
    }

    optional = ("means_the_same",)

    class Meta:
        model = Petition
        fields = ["ask"]
        widgets = {"ask": forms.Textarea(attrs={"rows": 3})}

    def clean_ask(self):
        ask = " ".join(self.cleaned_data["ask"].split())
        if not ask and self.instance.pk and self.instance.signatures.exists():
            raise ValidationError(
                _("People have signed this sentence. You cannot change it.")
            )
        return ask
