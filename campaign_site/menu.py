"""The menu of the staff site: each page and each list stands under one task.

SECTIONS is the only table that says what belongs where. A list of the admin that is
nowhere in it fails a test (tests/staff/test_menu.py). Everybody sees the entries that
they may open, and no others.
"""

from dataclasses import dataclass

from django.apps import apps
from django.contrib import admin
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
    under it, too.
    """

    name: str
    label: str
    permissions: tuple = ()
    also: tuple = ()
    for_the_site: bool = False

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

    Pages whose names begin with one of `also` stand under it, too.
    """

    model: str  # its label, in small letters
    label: str = ""
    also: tuple = ()

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


SEES_PETITIONS = ("petitions.view_petition",)
SEES_SIGNATURES = ("petitions.view_signature",)
DECIDES = (
    "petitions.change_signature",
    "letters.change_letter",
    "supporters.change_follow",
)
# The pages of one campaign, which its home leads to, whatever model they are about.
OF_ONE_CAMPAIGN = (
    "campaign_editor:",
    "admin:letters_stances",
    "admin:petitions_petition_pause",
    "admin:petitions_petition_referrals",
)
SECTIONS = (
    MenuSection(
        _("To do"),
        (
            Page("admin:index", _("To do"), also=("campaign_editor:first-steps",)),
            List("staff.alert"),
            Page("promises", _("What we have promised"), for_the_site=True),
        ),
    ),
    MenuSection(
        _("Campaigns"),
        (
            List("campaigns.campaign", also=OF_ONE_CAMPAIGN),
            List("campaigns.campaigntext", also=("translations_desk:",)),
            List("campaigns.update"),
            List("campaigns.updatetext", _("Updates in other languages")),
            List("supporters.mailing"),
            List("petitions.referrallink"),
            List("petitions.paperbatch"),
            List("petitions.bundle"),
        ),
    ),
    MenuSection(
        _("Waiting"),
        (
            Page(
                "admin:comments_desk",
                _("Moderators’ desk"),
                ("comments.view_comment",),
            ),
            Page("held", _("Held items"), DECIDES),
            Page("admin:petitions_signature_names", _("Names"), SEES_SIGNATURES),
            Page(
                "admin:petitions_signature_fraud",
                _("Fraud desk"),
                ("petitions.view_invalidation",),
                also=("admin:petitions_signature_invalidat",),
            ),
            List("comments.commentreport"),
            List("supporters.notice"),
            List("translations.wordreport"),
            List("letters.officialanswer"),
            List("supporters.erasurerequest"),
        ),
    ),
    MenuSection(
        _("People"),
        (
            List("petitions.signature"),
            List("letters.letter"),
            List("letters.reportedletter"),
            List("comments.comment"),
            List("supporters.follow"),
            List("supporters.consent"),
            List("outbox.suppression"),
        ),
    ),
    MenuSection(
        _("Officials"),
        (
            List("letters.recipientlist"),
            List("letters.recipient"),
            List("letters.delivery"),
            List("letters.officialactivity"),
        ),
    ),
    MenuSection(
        _("Reports"),
        (
            Page(
                "admin:letters_delivery_charts",
                _("Letter delivery"),
                ("letters.view_delivery",),
            ),
            Page(
                "admin:petitions_petition_confirmations",
                _("Confirmations"),
                SEES_PETITIONS,
                for_the_site=True,
            ),
            List("outbox.outgoingmail"),
            Page("campaign_editor:weekly-summary", _("Monday’s summary")),
            List("supporters.retentionrun"),
            List("campaign_site.backup"),
            List("staff.auditentry"),
        ),
    ),
    MenuSection(
        _("Settings"),
        (
            List("branding.branding", _("Branding")),
            List("staff.user"),
            List("staff.invitation"),
            Page("roles", _("What each role may do")),
            List("auth.group", _("Roles")),
            List("comments.savedreply"),
            List("safeguards.ownlimit"),
            List("safeguards.block"),
            List("outbox.pauseddomain"),
            List("campaign_editor.wordpressimport", _("Import from WordPress")),
            Page(
                "deliverability",
                _("Whether our emails arrive"),
                ("outbox.change_outgoingmail",),
                also=("deliverability-",),
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
            List("letters.lettertext", _("Letters in other languages")),
            List("campaigns.storypicture"),
            List("comments.thread"),
            List("comments.moderation"),
            List("petitions.invalidation"),
            List("petitions.paperline"),
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
    here = _entry_of(request)
    parts = []
    with reach.anywhere(request.user):  # the menu is the same on the page of any row
        for section in SECTIONS:
            links = [
                MenuLink(_label_of(entry), entry.address, entry is here)
                for entry in section.entries
                if entry.may_open(request)
            ]
            if links:
                parts.append(MenuPart(section.label, links, here in section.entries))
    return parts


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
