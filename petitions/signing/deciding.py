"""Bulk decisions on held signatures: what will happen to how many is said first."""

from math import ceil

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, Max
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeguards import limits
from supporters.acts.holding import HELD_FOR

SAMPLE = 10
# A request must end while somebody waits for it: some seconds, for so many.
MOST = 20_000


class SeenUpTo(forms.Form):
    """The newest signature that the forecast counted: what came later waits."""

    newest = forms.IntegerField(min_value=0, max_value=2**63 - 1)


class Deciding(admin.ModelAdmin):
    """Releases and rejects what is held, be it one row or all that a filter finds.

    An action of the list shows its forecast, and the button there sends the same
    action to the same address again, so that filters and search find the same rows.
    """

    actions = ["release", "reject"]
    titles = {
        "release": _("Release held signatures"),
        "reject": _("Reject held signatures"),
    }

    @admin.action(
        description=_("Release: ask for confirmation …"), permissions=["change"]
    )
    def release(self, request, signatures):
        return self._decide(request, "release", signatures)

    @admin.action(description=_("Reject …"), permissions=["change"])
    def reject(self, request, signatures):
        return self._decide(request, "reject", signatures)

    def _decide(self, request, decision, signatures):
        seen = SeenUpTo(request.POST)
        if not seen.is_valid():
            return self._forecast(request, decision, signatures)
        signatures = signatures.filter(pk__lte=seen.cleaned_data["newest"])
        number = getattr(signatures, decision)(by=request.user)
        request.rows_changed = number
        if number:
            self.message_user(request, _said(decision, number), messages.SUCCESS)
        else:
            said = _("None of these was waiting for you.")
            self.message_user(request, said, messages.WARNING)
        return None

    def _forecast(self, request, decision, signatures):
        held = signatures.held()
        waiting = held.count()
        if waiting > MOST:  # the oldest first, the rest afterwards
            oldest = held.order_by("pk").values_list("pk", flat=True)
            held = held.filter(pk__lte=oldest[MOST - 1])
        reasons = list(
            held.order_by("held_for")
            .values("held_for")
            .annotate(number=Count("pk"), newest=Max("pk"))
        )
        number = sum(row["number"] for row in reasons)
        is_all = request.POST.get("select_across") == "1"
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        context = {
            **self.admin_site.each_context(request),
            "title": self.titles[decision],
            "opts": self.opts,
            "is_nav_sidebar_enabled": False,
            "decision": decision,
            "number": number,
            "waiting": waiting,
            "others": signatures.count() - waiting,
            "newest": max((row["newest"] for row in reasons), default=0),
            "reasons": [
                (HELD_FOR.get(row["held_for"], row["held_for"]), row["number"])
                for row in reasons
            ],
            "networks": held.aggregate(n=Count("network_hash", distinct=True))["n"],
            "sample": held.order_by("?")[:SAMPLE],
            "minutes": ceil(number / limits.number("MAILS_A_MINUTE")),
            "days": settings.KEEP_WITHDRAWN_DAYS,
            "select_across": "1" if is_all else "0",
            # The list does nothing without one, also when all are meant.
            "chosen": chosen[:1] if is_all else chosen,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/petitions/deciding.html", context)


def _said(decision, number):
    if decision == "release":
        said = ngettext(
            "%d signature released. Its owner is asked to confirm.",
            "%d signatures released. Their owners are asked to confirm.",
            number,
        )
    else:
        said = ngettext("%d signature rejected.", "%d signatures rejected.", number)
    return said % number
