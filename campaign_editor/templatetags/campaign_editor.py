from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from branding.site import is_an_examples
from campaign_editor.beginnings import gaps_in
from campaigns.models import Campaign
from outbox.models import Outcome, OutgoingMail
from staff.models import Invitation, User

register = template.Library()


@dataclass(frozen=True)
class Step:
    """One step of a new site, and the page that its label leads to, if there is one.

    `shows` names what it shows: the names of the site, or the address of the reader,
    which may be an example’s still.
    """

    title: str
    words: str
    is_done: bool
    page: str
    label: str
    shows: str = ""
    is_example: bool = False


@register.filter
def gaps(text):
    """What a template left in this field to be replaced."""
    return gaps_in(str(text or ""))


@register.inclusion_tag("admin/campaign_editor/_first_steps.html", takes_context=True)
def first_steps(context):
    """What a superuser has to do on a new site, until its first campaign is public."""
    user = context["request"].user
    if not user.is_superuser or Campaign.objects.exclude(published_at=None).exists():
        return {}
    steps = list(_steps(user, context["site"]))
    return {
        "steps": steps,
        "site": context["site"],
        "user": user,
        "done": sum(step.is_done for step in steps),
        "next_one": next(step for step in steps if not step.is_done),
        "csrf_token": context.get("csrf_token"),
    }


def _steps(user, site):
    newest = Campaign.objects.order_by("-pk").first()
    yield Step(
        _("Check the name and the sender"),
        _(
            "They appear on every page and in every email. Change them if they are "
            "wrong."
        ),
        not site.is_example,
        reverse("admin:branding_branding_changelist"),
        _("Change them"),
        shows="names",
        is_example=True,
    )
    yield Step(
        _("Make signing in safer"),
        _("Use a passkey or an app on your phone. A password alone can be stolen."),
        user.has_second_factor,
        reverse("mfa_index"),
        _("Set it up"),
    )
    yield Step(
        _("Send a test email to yourself"),
        _("Confirmations and letters go by email. Nothing works without it."),
        _has_sent_a_test(),
        reverse("admin:staff_user_change", args=[user.pk]),
        _("Change the address"),
        shows="mail",
        is_example=is_an_examples(user.email),
    )
    yield Step(
        _("Invite your colleagues"),
        _(
            "Send them an email. Invite 2 moderators, so that one can check what "
            "the other did."
        ),
        Invitation.objects.exists() or User.objects.exclude(pk=user.pk).exists(),
        reverse("admin:staff_invitation_add"),
        _("Invite a colleague"),
    )
    yield Step(
        _("Make the first campaign"),
        _("It stays a draft until you publish it."),
        newest is not None,
        reverse("campaign_editor:new"),
        _("Begin"),
    )
    yield Step(
        _("Publish it"),
        _("A list shows what is missing. You can publish now or later."),
        False,
        reverse("campaign_editor:guided", args=[newest.pk]) if newest else "",
        _("Continue"),
    )


def _has_sent_a_test():
    """Whether our relay has taken one, to an address that somebody can have."""
    sent = OutgoingMail.objects.filter(purpose="test_mail", outcome=Outcome.SENT)
    return not all(map(is_an_examples, sent.values_list("email", flat=True)))
