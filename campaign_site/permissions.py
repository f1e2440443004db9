"""Who may do what in the admin: the two roles that come with the site.

GROUPS says what each role may do. The letters stand for view, add, change and delete.
IN_SHORT says the same in a line. What no role has here is for superusers alone, like
accounts, the audit trail and the branding. CAMPAIGN_OF says to which campaign each row
belongs, since somebody may have a role in some campaigns only (staff/reach.py).
"""

import django.apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staff.reach import OWN, SITE

GROUPS = {
    "Campaigners": {
        "campaign_site.backup": "v",
        "campaigns.campaign": "vacd",
        "campaigns.campaigntext": "vacd",
        "campaigns.milestone": "vacd",
        "campaigns.reading": "vacd",
        "campaigns.storypicture": "vacd",
        "campaigns.update": "vacd",
        "campaigns.updatetext": "vacd",
        "comments.comment": "v",
        "comments.moderation": "v",
        "comments.savedreply": "vacd",
        "comments.thread": "vac",
        "letters.delivery": "vc",
        "letters.letter": "v",
        "letters.lettertext": "vacd",
        "letters.meeting": "vacd",
        "letters.officialanswer": "vc",
        "outbox.outgoingmail": "vc",
        "outbox.suppression": "v",
        "letters.recipient": "vacd",
        "letters.recipientlist": "vacd",
        "letters.reportedletter": "v",
        "letters.suggestedletter": "vacd",
        "petitions.bundle": "va",
        "petitions.elsewheretotal": "vacd",
        "petitions.invalidation": "v",
        "petitions.petition": "vacd",
        "petitions.signature": "v",
        "petitions.referrallink": "vacd",
        "safeguards.ownlimit": "vc",
        "staff.alert": "c",
        "supporters.consent": "v",
        "supporters.erasurerequest": "vac",
        "supporters.follow": "v",
        "supporters.mailing": "vc",
        "supporters.report": "vc",
        "supporters.retentionrun": "v",
        "translations.wordreport": "vc",
        "versions.deleted": "v",
    },
    "Moderators": {
        "campaigns.campaign": "v",
        "campaigns.update": "v",
        "comments.comment": "vc",
        "comments.moderation": "v",
        "comments.savedreply": "vacd",
        "comments.thread": "vac",
        "letters.letter": "vc",
        "letters.reportedletter": "vc",
        "petitions.elsewheretotal": "v",
        "petitions.invalidation": "vac",
        "petitions.petition": "v",
        "petitions.signature": "vc",
        "safeguards.block": "vacd",
        "safeguards.ownlimit": "v",
        "staff.alert": "c",
        "supporters.consent": "v",
        "supporters.follow": "vc",
        "supporters.report": "vc",
    },
}
# What stands in GROUPS, in a line for people who choose among the roles.
IN_SHORT = {
    "Campaigners": _(
        "They make and publish campaigns, letters and updates. They see signatures, "
        "and answer comments."
    ),
    "Moderators": _(
        "They decide about comments, signatures and letters that wait. They see "
        "campaigns, and change none."
    ),
}
# The path from a row of each model to its campaign. A test holds it against the admin
# and against GROUPS, so that a new model is not forgotten.
CAMPAIGN_OF = {
    "auth.group": SITE,
    "branding.branding": SITE,
    "campaign_site.backup": SITE,
    "campaigns.campaign": "pk",
    "campaigns.campaigntext": "campaign",
    "campaigns.milestone": "campaign",
    "campaigns.reading": "campaign",
    "campaigns.storypicture": "campaign",
    "campaigns.update": "campaign",
    "campaigns.updatetext": "update__campaign",
    "comments.comment": "campaign",
    "comments.moderation": "comment__campaign",
    "comments.savedreply": SITE,
    "comments.thread": "campaign",
    "letters.delivery": "letter__suggested_letter__campaign",
    "letters.letter": "suggested_letter__campaign",
    "letters.lettertext": "letter__campaign",
    "letters.meeting": "letter__campaign",
    "letters.officialanswer": "letter__campaign",
    "letters.recipient": "list__letters__campaign",
    "letters.recipientlist": "letters__campaign",
    "letters.reportedletter": "suggested_letter__campaign",
    "letters.suggestedletter": "campaign",
    "outbox.outgoingmail": SITE,
    "outbox.suppression": SITE,
    "petitions.bundle": "petition__campaign",
    "petitions.elsewheretotal": "petition__campaign",
    "petitions.invalidation": "petition__campaign",
    "petitions.petition": "campaign",
    "petitions.referrallink": "petition__campaign",
    "petitions.signature": "petition__campaign",
    "safeguards.block": SITE,
    "safeguards.ownlimit": SITE,
    "staff.alert": SITE,
    "staff.auditentry": SITE,
    "staff.invitation": SITE,
    "staff.user": SITE,
    "supporters.consent": "confirmation__campaign",
    "supporters.erasurerequest": SITE,
    "supporters.follow": "campaign",
    "supporters.mailing": "update__campaign",
    "supporters.report": "campaign",
    "supporters.retentionrun": SITE,
    "translations.wordreport": "campaign",
    "versions.deleted": OWN,
}
if django.apps.apps.is_installed("access_keys"):
    GROUPS["Campaigners"]["access_keys.accesskey"] = "va"
    CAMPAIGN_OF["access_keys.accesskey"] = "campaign"
if django.apps.apps.is_installed("paper"):
    GROUPS["Campaigners"] |= {"paper.paperbatch": "vacd", "paper.paperline": "vcd"}
    GROUPS["Moderators"] |= {"paper.paperbatch": "vc", "paper.paperline": "v"}
    CAMPAIGN_OF["paper.paperbatch"] = "petition__campaign"
    CAMPAIGN_OF["paper.paperline"] = "batch__petition__campaign"
if django.apps.apps.is_installed("volunteers"):
    CAMPAIGN_OF["volunteers.translationrequest"] = "campaign"
if django.apps.apps.is_installed("wordpress"):
    CAMPAIGN_OF["wordpress.wordpressimport"] = SITE
# New ones belong to no campaign yet.
MADE_BY_SITE = ("campaigns.campaign", "letters.recipientlist")
_ACTIONS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


def give_permissions(using, apps=django.apps.apps, **_kwargs):
    """Give each group of GROUPS what stands there, and nothing else.

    Rights to kinds of rows that the site no longer has go, as they would with Django's
    remove_stale_contenttypes; those of a room that is left out stay.

    This is called after each `migrate`, when every app has its permissions, and may be
    repeated. Groups that staff made in the admin are left alone. `apps` are those with
    tables: while one of ours has none yet, nothing is given.
    """
    if not _have_tables(apps):
        return
    with transaction.atomic(using):
        known = {
            (permission.content_type.app_label, permission.codename): permission
            for permission in Permission.objects.using(using).select_related(
                "content_type"
            )
        }
        gone = [it.pk for it in known.values() if _is_gone(it.content_type)]
        Permission.objects.using(using).filter(pk__in=gone).delete()
        for name, models in GROUPS.items():
            group, _made = Group.objects.using(using).get_or_create(name=name)
            group.permissions.set(known[key] for key in _keys(models))


def _is_gone(content_type):
    has_room = content_type.app_label in django.apps.apps.app_configs
    return has_room and content_type.model_class() is None


def _have_tables(apps):
    labels = {label for models in GROUPS.values() for label in models}
    try:
        return all(apps.get_model(label) for label in {"auth.group", *labels})
    except LookupError:
        return False


def _keys(models):
    for label, letters in models.items():
        app, model = label.split(".")
        for letter in letters:
            yield app, f"{_ACTIONS[letter]}_{model}"
