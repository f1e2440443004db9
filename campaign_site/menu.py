"""The menu of the staff site: each page and each list stands under one task.

It has five sections, and in each only what one needs on an evening; the rest is on the
page “All lists”. SECTIONS is the only table that says what belongs where. A list of the
admin that is nowhere in it fails a test (tests/staff/test_menu.py). Everybody sees the
entries that they may open, and no others. What only visitors, officials and our own
jobs fill comes with its first row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from staff import reach
from staff.inbox import tabs_for


@dataclass(frozen=True)
class Page:
    """A page of ours; people need one of its permissions, if it names any.

    `opens_for` says it instead, of a user.

    A page `for_the_site` tells of all campaigns together, so that nobody opens it whose
    roles are all in single campaigns. Pages whose names begin with one of `also` stand
    under it, too. If it names models by `comes_with`, it is in the menu as soon as one
    of them has a row.
    """

    name: str
    label: str
    permissions: tuple = ()
    also: tuple = ()
    for_the_site: bool = False
    comes_with: tuple = ()
    opens_for: Callable[[Any], Any] | None = None

    @cached_property
    def address(self):
        return reverse(self.name)

    def may_open(self, request):
        user = request.user
        if self.for_the_site and not reach.works_for_the_site(user):
            return False
        if self.opens_for is not None:
            return bool(self.opens_for(user))
        return not self.permissions or any(map(user.has_perm, self.permissions))

    def holds(self, name):
        return name == self.name or name.startswith(self.also)


@dataclass(frozen=True)
class List:
    """The list of a model in the admin, with the pages of its rows.

    Pages whose names begin with one of `also` stand under it, too. With `is_filled`,
    people here add no rows, and it is in the menu as soon as it has one.
    """

    model: str  # its label, in small letters
    label: str = ""
    also: tuple = ()
    is_filled: bool = False

    @property
    def comes_with(self):
        return (self.model,) if self.is_filled else ()

    @cached_property
    def _name(self):
        return f"admin:{self.model.replace('.', '_')}_"

    @cached_property
    def _admin(self):
        return admin.site.get_model_admin(apps.get_model(self.model))

    @cached_property
    def address(self):
        return reverse(f"{self._name}changelist")

    def may_open(self, request):
        return self._admin.has_view_or_change_permission(request)

    def holds(self, name):
        return name.startswith((self._name, *self.also))


@dataclass(frozen=True)
class MenuSection:
    """One task of the staff; `shown` are its pages and lists, the first one first.

    `more` are others of its subject. What somebody works on leads there, and the page
    “All lists”.
    """

    label: str
    shown: tuple
    more: tuple = ()

    @property
    def entries(self):
        return self.shown + self.more


def of_room(entry):
    """An entry, if the site has its room."""
    return [entry] if apps.is_installed(entry.model.split(".")[0]) else []


# Who manages accounts or invites; everybody else has no use for what others may do.
MANAGES_ACCOUNTS = ("staff.view_user", "staff.change_user", "staff.add_invitation")
SEES_PETITIONS = ("petitions.view_petition",)
# The pages of one campaign, which its home leads to, whatever model they are about.
OF_ONE_CAMPAIGN = (
    "campaign_editor:",
    "admin:letters_stances",
    "admin:petitions_petition_pause",
)
# The page of one user whose name is not that of the list.
OF_ONE_USER = ("admin:auth_user_password_change",)
SECTIONS = (
    MenuSection(
        _("To do"),
        (Page("admin:index", _("To do")),),
    ),
    MenuSection(
        _("Campaigns"),
        (List("campaigns.campaign", also=OF_ONE_CAMPAIGN),),
        (
            List("campaigns.campaigntext", also=("volunteers_desk:",)),
            List("campaigns.update"),
            List("campaigns.updatetext"),
            List("supporters.mailing"),
            List("petitions.petition"),
            List("petitions.referrallink"),
            List("petitions.bundle"),
            *of_room(List("paper.paperbatch")),
            *of_room(List("paper.paperline")),
            List("letters.suggestedletter"),
            List("letters.lettertext"),
            List("comments.thread"),
            *of_room(List("wordpress.wordpressimport", _("Import from WordPress"))),
        ),
    ),
    MenuSection(
        _("Inbox"),
        (
            Page(
                "inbox",
                _("Inbox"),
                opens_for=tabs_for,
                also=("admin:comments_desk", "admin:comments_decisions"),
            ),
            Page(
                "admin:petitions_signature_fraud",
                _("Fraud desk"),
                ("petitions.view_invalidation",),
                also=("admin:petitions_signature_invalidat",),
                comes_with=("petitions.signature",),
            ),
            List("petitions.signature", is_filled=True),
            List("letters.letter", is_filled=True),
            List("comments.comment", is_filled=True),
        ),
        (
            List("supporters.follow"),
            List("supporters.report"),
            List("supporters.erasurerequest"),
            List("supporters.consent"),
            List("letters.reportedletter"),
            List("petitions.invalidation"),
            List("comments.moderation"),
            List("comments.savedreply"),
            Page(
                "admin:petitions_petition_confirmations",
                _("Confirmations"),
                SEES_PETITIONS,
                for_the_site=True,
            ),
        ),
    ),
    MenuSection(
        _("Officials"),
        (
            List("letters.recipientlist"),
            List("letters.officialanswer", is_filled=True),
        ),
        (
            List("letters.recipient"),
            List("letters.delivery"),
        ),
    ),
    MenuSection(
        _("Settings"),
        (
            List("branding.branding", _("Name, contact and colours")),
            List("staff.user", also=OF_ONE_USER),
            List("staff.invitation"),
            List("outbox.outgoingmail", is_filled=True),
            Page("advanced", _("All lists"), also=("admin:app_list",)),
        ),
        (
            Page("roles", _("What each role may do"), MANAGES_ACCOUNTS),
            List("auth.group", _("Edit roles")),
            List("safeguards.ownlimit"),
            List("safeguards.block"),
            List("outbox.suppression"),
            Page(
                "deliverability",
                _("Do our emails arrive?"),
                ("outbox.change_outgoingmail",),
                for_the_site=True,
            ),
            Page("mail-samples", _("What our emails say"), also=("mail-sample",)),
            *of_room(List("access_keys.accesskey")),
            List("versions.deleted"),
            List("supporters.retentionrun"),
            List("campaign_site.backup"),
            List("staff.auditentry"),
        ),
    ),
)

_ENTRIES = [entry for section in SECTIONS for entry in section.entries]
# A page is looked for by its own name before it belongs to the list of its model.
_PAGES_FIRST = sorted(_ENTRIES, key=lambda entry: not isinstance(entry, Page))


@dataclass(frozen=True)
class MenuLink:
    """An entry as one person sees it on one page."""

    label: str
    address: str
    is_here: bool


@dataclass(frozen=True)
class MenuPart:
    """A section as one person sees it; `links` are those that they may open."""

    label: str
    links: list
    is_here: bool

    @property
    def address(self):
        return self.links[0].address


def parts_for(request):
    """The sections of the menu with what this person may open; empty ones are out."""
    here, filled = _entry_of(request), _filled()
    parts = []
    with reach.anywhere(request.user):  # the menu is the same on the page of any row
        for section in SECTIONS:
            some = [e for e in section.shown if e is here or _has_come(e, filled)]
            some += [entry for entry in section.more if entry is here]
            if part := _part(request, section, some, here):
                parts.append(part)
    return parts


def all_parts(request):
    """The same with every page and list that this person may open."""
    parts = (_part(request, section, section.entries) for section in SECTIONS)
    return list(filter(None, parts))


def _part(request, section, entries, here=None):
    links = [
        MenuLink(_label_of(entry), entry.address, entry is here)
        for entry in entries
        if entry.may_open(request)
    ]
    return MenuPart(section.label, links, here in section.entries) if links else None


def _has_come(entry, filled):
    return not entry.comes_with or not filled.isdisjoint(entry.comes_with)


def _filled():
    """Which of the models that entries come with have a row, with one statement."""
    labels, question = _question()
    with connection.cursor() as cursor:
        cursor.execute(question)
        found = cursor.fetchone()
    return {label for label, has_one in zip(labels, found, strict=True) if has_one}


@cache
def _question():
    labels = sorted({label for entry in _ENTRIES for label in entry.comes_with})
    tables = [apps.get_model(label)._meta.db_table for label in labels]
    parts = [f"EXISTS (SELECT FROM {connection.ops.quote_name(t)})" for t in tables]
    return labels, f"SELECT {', '.join(parts)}"


def _entry_of(request):
    """The entry under which the page stands that is asked for, or None."""
    match = request.resolver_match
    if match is None or not match.view_name:
        return None
    found = (entry for entry in _PAGES_FIRST if entry.holds(match.view_name))
    return next(found, None)


def _label_of(entry):
    if entry.label:
        return entry.label
    return capfirst(apps.get_model(entry.model)._meta.verbose_name_plural)
