"""The fraud desk: find signatures that no person made, and invalidate them together."""

from datetime import timedelta
from email.utils import parseaddr
from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.local_time import LocalTimeField, LocalTimes, zone_of
from database.statement_timeout import TookTooLong, seconds_of_the_database
from petitions.fraud.models import Invalidation
from petitions.fraud.suspects import Search
from petitions.petition import Petition
from petitions.signing.models import Signature
from safeguards.network import typed_network
from staff.reach import to_see, within
from staff.site import can_be

HASH_LENGTH = 32
SEES, INVALIDATES = "petitions.view_invalidation", "petitions.add_invalidation"


def petitions_of(user, permission):
    """The petitions in whose campaigns somebody has this permission.

    The desk shows names and addresses, so they must see signatures there as well.
    """
    seen = within(user, Petition.objects.all(), *to_see(Signature))
    return within(user, seen, permission).select_related("campaign")


class FraudForm(LocalTimes, forms.Form):
    """What to look for. Everything but the petition may be left empty."""

    TIMES = ("since", "until")

    petition = forms.ModelChoiceField(
        Petition.objects.select_related("campaign"), widget=forms.HiddenInput
    )
    since = LocalTimeField(label=_("Signed since"), required=False)
    until = LocalTimeField(label=_("Signed before"), required=False)
    address = forms.CharField(
        label=_("Email address"),
        help_text=_(
            "Paste it as it stands. We find all spellings of its mailbox, such as "
            "ada+2@…. * stands for any letters: vote*@mail.example"
        ),
        max_length=320,
        required=False,
    )
    domain = forms.CharField(
        label=_("Mail domain"),
        help_text=_("Like mail.example. You can paste an address or a link."),
        max_length=320,
        required=False,
    )
    network = forms.CharField(
        label=_("Network"),
        help_text=_(
            "Enter an IP address, or choose one of the busiest networks in the results."
        ),
        max_length=50,
        required=False,
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Part of the name. * stands for any letters: Test*"),
        max_length=120,
        required=False,
    )
    crowd = forms.IntegerField(
        label=_("More than this many signatures"),
        min_value=1,
        max_value=1_000_000,
        required=False,
    )
    crowd_of = forms.ChoiceField(
        label=_("from one"),
        choices=[
            ("network", _("network")),
            ("domain", _("mail domain")),
            ("mailbox", _("mailbox")),
        ],
        required=False,
    )
    minutes = forms.IntegerField(
        label=_("within this many minutes"),
        min_value=1,
        max_value=366 * 24 * 60,
        required=False,
    )
    seconds = forms.IntegerField(
        label=_("Confirmed within this many seconds"),
        min_value=1,
        max_value=86_400,
        required=False,
    )

    def stored_times(self):
        return {}

    def typed_zone(self, typed):
        return typed.get("petition") and typed["petition"].campaign.zone

    def clean_address(self):
        typed = self.cleaned_data["address"].strip().removeprefix("mailto:").lower()
        address = (parseaddr(typed)[1] or typed).partition("?")[0]
        if typed and "@" not in address.strip("@"):
            raise forms.ValidationError(
                _("Enter a full email address, like name@example.com.")
            )
        return address

    def clean_domain(self):
        typed = self.cleaned_data["domain"].strip().lower().removeprefix("mailto:")
        host = typed.rpartition("://")[2].partition("/")[0].rpartition("@")[2]
        domain = host.partition("?")[0].strip(" <>").removeprefix("www.")
        if typed and not domain:  # without it, others would be found
            raise forms.ValidationError(_("Enter a mail domain, like mail.example."))
        return domain

    def clean_network(self):
        typed = self.cleaned_data["network"]
        is_hash = len(typed) == HASH_LENGTH and typed.isalnum()
        return typed if is_hash or not typed else typed_network(typed).hash

    def clean(self):
        typed = super().clean()
        since, until = typed.get("since"), typed.get("until")
        if since and until and since >= until:
            self.add_error("until", _("Enter a time after the beginning."))
        return typed

    def __init__(self, data, *, user, permission):
        super().__init__(data)
        field = self.fields["petition"]
        field.queryset = petitions_of(user, permission)

    @property
    def search(self):
        typed = {name: value for name, value in self.cleaned_data.items() if value}
        return Search(**typed)


class InvalidationForm(forms.Form):
    """The reason, and what the page had counted when its button was made."""

    reason = forms.CharField(
        label=_("Why are they not valid?"),
        help_text=_(
            "For your colleagues, and for anybody who asks later. Enter no names "
            "or addresses."
        ),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )
    newest = forms.IntegerField(min_value=0, max_value=2**63 - 1)
    number = forms.IntegerField(min_value=0, max_value=2**31 - 1)


def _on_its_clocks(view):
    """Times are typed and shown on the clocks of the petition that is asked for."""

    @wraps(view)
    def on_its_clocks(request, *args, **kwargs):
        key = request.GET.get("petition", "")
        petitions = Petition.objects.select_related("campaign")
        found = (
            petitions.filter(pk=key).first() if can_be(Petition._meta.pk, key) else None
        )
        with timezone.override(zone_of(found and found.campaign)):
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    return on_its_clocks


class FraudDesk(admin.ModelAdmin):
    """The pages of the fraud desk, in the admin of signatures."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("fraud/", wrap(self.fraud), name="petitions_signature_fraud"),
            path(
                "fraud/invalidation/",
                wrap(self.invalidation),
                name="petitions_signature_invalidation",
            ),
            *super().get_urls(),
        ]

    @method_decorator([require_safe, _on_its_clocks])
    def fraud(self, request):
        """The form, and what it finds: how many, from where, when, and the newest."""
        if not self._may(request, SEES):
            raise PermissionDenied
        if not request.GET.get("petition"):
            return self._petitions(request)
        if set(request.GET) == {"petition"}:
            # The address names the day, so that every link of the page means the same
            # rows.
            return redirect(f"{request.path}?{_last_day(request.GET).urlencode()}")
        form = FraudForm(request.GET, user=request.user, permission=SEES)
        context = {"title": _("Fraud desk"), "form": form}
        if form.is_valid() and not form.search.has_condition:
            context |= {"petition": form.search.petition, "asks_for_all": True}
        elif form.is_valid():
            search = form.search
            mine = petitions_of(request.user, INVALIDATES)
            may_decide = mine.filter(pk=search.petition.pk).exists()
            context |= {"petition": search.petition, "may_decide": may_decide}
            try:
                with seconds_of_the_database():
                    context |= _found(search)
            except TookTooLong:
                context["took_too_long"] = True
            request.audit.showed(context.get("sample", []))
        status = 200 if form.is_valid() else 422
        return self._page(request, "admin/petitions/fraud.html", context, status)

    @method_decorator([require_http_methods(["GET", "HEAD", "POST"]), _on_its_clocks])
    def invalidation(self, request):
        """What will happen to how many signatures, and the button that does it."""
        if not self._may(request, INVALIDATES):
            raise PermissionDenied
        found = FraudForm(request.GET, user=request.user, permission=INVALIDATES)
        if not (found.is_valid() and found.search.has_condition):
            return redirect("admin:petitions_signature_fraud")
        search = found.search
        form = InvalidationForm(request.POST if request.method == "POST" else None)
        try:
            with seconds_of_the_database():
                if form.is_valid():
                    invalidation = self._invalidate(request, search, form.cleaned_data)
                    if invalidation:
                        return redirect(
                            "admin:petitions_invalidation_change", invalidation.pk
                        )
                    form.add_error(None, _("The list has changed. Look again."))
                context = {**search.numbers(), "took_too_long": False}
        except TookTooLong:
            context = {"took_too_long": True}
        context |= {
            "title": _("Take signatures out of the count"),
            "petition": search.petition,
            "form": form,
            "words": search.words.splitlines(),
            "undo_days": settings.UNDO_DAYS,
            "desk": f"{reverse('admin:petitions_signature_fraud')}"
            f"?{request.GET.urlencode()}",
        }
        status = 422 if form.is_bound else 200
        return self._page(request, "admin/petitions/invalidation.html", context, status)

    def _invalidate(self, request, search, typed):
        """The invalidation; None when there are more signatures than shown, or none."""
        invalidation = Invalidation.start(
            search.petition,
            search.rows().filter(pk__lte=typed["newest"]),
            most=typed["number"],
            by=request.user,
            reason=typed["reason"],
            found_by=search.words,
        )
        if invalidation:
            request.audit.done(number=invalidation.number)
        return invalidation

    def _petitions(self, request):
        petitions = petitions_of(request.user, SEES).order_by("-pk")
        context = {"title": _("Fraud desk"), "petitions": petitions}
        return self._page(request, "admin/petitions/fraud.html", context)

    def _may(self, request, permission):
        """Whether this user may look at the desk, or invalidate, in some campaign."""
        may_see = self.has_view_permission(request)
        return may_see and request.user.has_perm(permission)

    def _page(self, request, template, context, status=200):
        context = {
            **self.admin_site.frame(request, self.opts),
            **context,
        }
        return TemplateResponse(request, template, context, status=status)


def _last_day(asked):
    asked = asked.copy()
    yesterday = timezone.localtime() - timedelta(days=1)
    asked["since"] = yesterday.strftime("%Y-%m-%dT%H:00")
    return asked


def _found(search):
    numbers = search.numbers()
    if not numbers["number"]:
        return numbers
    return {
        **numbers,
        "others": numbers["number"] - numbers["counted"],
        "sample": search.sample(),
        "domains": search.domains(),
        "networks": search.networks(),
        "hours": search.hours(),
    }
