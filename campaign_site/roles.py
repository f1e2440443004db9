"""The page that says what each role may do, made from permissions.py."""

from dataclasses import dataclass

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaign_site.menu import MANAGES_ACCOUNTS, SECTIONS, List
from campaign_site.permissions import CAMPAIGN_OF, GROUPS, IN_SHORT
from pages.sorting import alphabetical
from staff.accounts.permission_words import VERBS
from staff.accounts.roles import called
from staff.reach import SITE


@dataclass(frozen=True)
class Rights:
    """What each role may do with a kind of rows, in the order of GROUPS."""

    kind: str
    allowed: list
    is_of_the_site: bool  # a role in single campaigns reaches none of these


def rights_by_section():
    """Pairs of a section of the menu and its kinds of rows; the last have no list."""
    given = {label for models in GROUPS.values() for label in models}
    found = []
    for section in SECTIONS:
        listed = [each for each in section.entries if isinstance(each, List)]
        rights = [_rights(e.model, e.label) for e in listed if e.model in given]
        given -= {entry.model for entry in listed}
        if rights:
            found.append((section.label, rights))
    rest = [_rights(label) for label in given]
    rest.sort(key=lambda rights: alphabetical(rights.kind))
    return [*found, (_("Parts of campaigns and letters"), rest)]


def _rights(label, name=""):
    called = name or capfirst(apps.get_model(label)._meta.verbose_name_plural)
    allowed = [_in_words(models.get(label, "")) for models in GROUPS.values()]
    return Rights(str(called), allowed, CAMPAIGN_OF[label] == SITE)


def _in_words(letters):
    return ", ".join(str(verb) for name, verb in VERBS.items() if name[0] in letters)


@require_safe
def roles(request):
    if not any(map(request.user.has_perm, MANAGES_ACCOUNTS)):
        raise PermissionDenied
    context = {
        **admin.site.frame(request),
        "title": _("What each role may do"),
        "roles": [called(name) for name in GROUPS],
        "in_short": [(called(name), words) for name, words in IN_SHORT.items()],
        "sections": rights_by_section(),
    }
    return TemplateResponse(request, "admin/roles.html", context)


urlpatterns = [path("", admin.site.admin_view(roles, about=""), name="roles")]
