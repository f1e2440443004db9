"""The menu of the staff site: each page and each list stands under one task.

SECTIONS is the only table that says what belongs where. A list of the admin that is
nowhere in it fails a test (tests/staff/test_menu.py). Everybody sees the entries that
they may open, and no others. What only visitors, officials and our own jobs fill comes
with its first row, so that the menu of a new site is short.
"""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from staff import reach


@dataclass(frozen=True)
class Page:
    """A page of ours; people need one of its permissions, if it names any.

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

    @cached_property
    def address(self):
        return reverse(self.name)

    def may_open(self, request):
        user = request.user
        if self.for_the_site and not reach.works_for_the_site(user):
            return False
        return not self.permissions or any(map(user.has_perm, self.permissions))

    def holds(self, name):
        return name == self.name or name.startswith(self.also)


@dataclass(frozen=True)
class List:
    """The list of a model in the admin, with the pages of its rows.

    Pages whose names begin with one of `also` stand under it, too. With `is_filled`,
    people here add no rows, and it is in the menu as soon as it has one. One that names
    other models by `after` comes with a row of these.
    """

    model: str  # its label, in small letters
    label: str = ""
    also: tuple = ()
    is_filled: bool = False
    after: tuple = ()

    @property
    def comes_with(self):
        return (self.model,) if self.is_filled else self.after

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
    """One task of the staff; `entries` are its pages and lists, the first one first."""

    label: str
    entries: tuple


def of_room(entry):
    """An entry, if the site has its room."""
    return [entry] if apps.is_installed(entry.model.split(".")[0]) else []


# Who manages accounts or invites; everybody else has no use for what others may do.
MANAGES_ACCOUNTS = ("staff.view_user", "staff.change_user", "staff.add_invitation")
SEES_PETITIONS = ("petitions.view_petition",)
READS_INBOX = (
    "comments.view_comment",
    "comments.change_comment",
    "petitions.view_signature",
    "petitions.change_signature",
    "letters.change_letter",
    "supporters.change_follow",
)
# What people ask for by a public form.
ACTS = (
    "petitions.signature",
    "letters.letter",
    "comments.comment",
    "supporters.follow",
)
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
        (
            Page("admin:index", _("To do")),
            List("staff.alert", is_filled=True),
        ),
    ),
    MenuSection(
        _("Campaigns"),
        (
            List("campaigns.campaign", also=OF_ONE_CAMPAIGN),
            List(
                "campaigns.campaigntext",
                also=("volunteers_desk:",),
            ),
            List("campaigns.update"),
            List("campaigns.updatetext"),
            List("supporters.mailing", is_filled=True),
            List("petitions.referrallink"),
            *of_room(List("paper.paperbatch")),
            List("petitions.bundle"),
        ),
    ),
    MenuSection(
        _("Waiting"),
        (
            Page(
                "inbox",
                _("Inbox"),
                READS_INBOX,
                also=("admin:comments_desk", "admin:comments_decisions"),
                comes_with=ACTS,
            ),
            Page(
                "admin:petitions_signature_fraud",
                _("Fraud desk"),
                ("petitions.view_invalidation",),
                also=("admin:petitions_signature_invalidat",),
                comes_with=("petitions.signature",),
            ),
            List("supporters.report", is_filled=True),
            List("translations.wordreport", is_filled=True),
            List("letters.officialanswer", is_filled=True),
            List("supporters.erasurerequest", after=ACTS),
        ),
    ),
    MenuSection(
        _("People"),
        (
            List("petitions.signature", is_filled=True),
            List("letters.letter", is_filled=True),
            List("letters.reportedletter", is_filled=True),
            List("comments.comment", is_filled=True),
            List("supporters.follow", is_filled=True),
            List("supporters.consent", is_filled=True),
            List("outbox.suppression", is_filled=True),
        ),
    ),
    MenuSection(
        _("Officials"),
        (
            List("letters.recipientlist"),
            List("letters.recipient"),
            List("letters.delivery", is_filled=True),
        ),
    ),
    MenuSection(
        _("Figures and logs"),
        (
            Page(
                "admin:petitions_petition_confirmations",
                _("Confirmations"),
                SEES_PETITIONS,
                for_the_site=True,
                comes_with=("petitions.signature",),
            ),
            List("outbox.outgoingmail", is_filled=True),
            List("supporters.retentionrun", is_filled=True),
            List("campaign_site.backup", is_filled=True),
            List("staff.auditentry"),
        ),
    ),
    MenuSection(
        _("Settings"),
        (
            List("branding.branding", _("Name, contact and colours")),
            List("staff.user", also=OF_ONE_USER),
            List("staff.invitation"),
            Page("roles", _("What each role may do"), MANAGES_ACCOUNTS),
            List("auth.group", _("Edit roles")),
            List("comments.savedreply"),
            List("safeguards.ownlimit"),
            List("safeguards.block"),
            *of_room(List("wordpress.wordpressimport", _("Import from WordPress"))),
            *of_room(List("access_keys.accesskey")),
            Page(
                "deliverability",
                _("Do our emails arrive?"),
                ("outbox.change_outgoingmail",),
                for_the_site=True,
            ),
            Page("mail-samples", _("What our emails say"), also=("mail-sample",)),
            List("versions.deleted"),
        ),
    ),
    MenuSection(
        _("Advanced"),
        (
            Page("advanced", _("All lists"), also=("admin:app_list",)),
            List("petitions.petition"),
            List("letters.suggestedletter"),
            List("letters.lettertext"),
            List("comments.thread"),
            List("comments.moderation", is_filled=True),
            List("petitions.invalidation", is_filled=True),
            *of_room(List("paper.paperline", is_filled=True)),
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
            links = [
                MenuLink(_label_of(entry), entry.address, entry is here)
                for entry in section.entries
                if entry.may_open(request)
                and (entry is here or _has_come(entry, filled))
            ]
            if links:
                parts.append(MenuPart(section.label, links, here in section.entries))
    return parts


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
