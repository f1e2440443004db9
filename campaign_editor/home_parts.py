"""The parts of a campaign that its home leads to, in the groups of the menu."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.languages_desk import languages_desk


def parts_of(user, campaign, petition, letter):
    """Groups with what this person may open; each has a label, and words with an
    address. Empty groups are left out.
    """
    groups = (
        (_("On the page"), _on_the_page(user, campaign, petition)),
        (_("People"), _people(user, campaign, petition, letter)),
        (_("Officials"), _officials(user, petition, letter)),
        (_("Figures and logs"), _reports(user, campaign, petition)),
    )
    return [(label, links) for label, found in groups if (links := list(found))]


def _on_the_page(user, campaign, petition):
    may_change = user.has_perm("campaigns.change_campaign")
    if may_change and user.has_perm("letters.add_suggestedletter"):
        yield _("Edit"), reverse("campaign_editor:guided", args=[campaign.pk])
    if campaign.is_published:
        yield _("See the page"), campaign.get_absolute_url()
        yield _("Show it on your website"), _lines_to_copy(campaign)
    elif campaign.draft_url:
        yield _("See the draft"), campaign.draft_url
    if len(settings.LANGUAGES) > 1 and user.has_perm("campaigns.change_campaigntext"):
        yield _("Translations"), languages_desk(campaign).page()
    if petition and campaign.is_open and user.has_perm("petitions.change_petition"):
        words = _("Resume signing …") if petition.paused_at else _("Pause signing …")
        yield words, reverse("admin:petitions_petition_pause", args=[petition.pk])
    if may_change:
        words = _("Open again …") if campaign.has_ended else _("Close …")
        yield words, _page_of("ending", campaign)
        yield _("Versions"), _page_of("history", campaign)
    yield _("Result and milestones"), _page_of("change", campaign)
    if campaign.published_at is None and user.has_perm("campaigns.delete_campaign"):
        yield _("Delete"), _page_of("delete", campaign)


def _lines_to_copy(campaign):
    with override(campaign.language):
        return reverse("campaigns:embed", args=[campaign.slug])


def _people(user, campaign, petition, letter):
    if petition and user.has_perm("petitions.view_signature"):
        yield _("Signatures"), _list("petitions_signature", petition=petition)
    if letter and user.has_perm("letters.view_letter"):
        yield _("Letters"), _list("letters_letter", suggested_letter=letter)
    if user.has_perm("supporters.view_follow"):
        yield _("Followers"), _list("supporters_follow", campaign=campaign)
    if user.has_perm("comments.view_comment"):
        yield _("Comments"), _list("comments_comment", campaign=campaign)


def _officials(user, petition, letter):
    if letter and user.has_perm("letters.view_recipientlist"):
        args = [letter.recipient_list_id]
        yield _("Recipients"), reverse("admin:letters_recipientlist_change", args=args)
    if letter and user.has_perm("letters.change_suggestedletter"):
        yield _("Where they stand"), reverse("admin:letters_stances", args=[letter.pk])
    if petition and user.has_perm("petitions.view_bundle"):
        yield _("Files for officials"), _list("petitions_bundle", petition=petition)


def _reports(user, campaign, petition):
    yield _("All figures"), _page_of("figures", campaign)
    if petition and user.has_perm("petitions.view_referrallink"):
        page = reverse("admin:petitions_referrallink_changelist")
        yield _("Make share links, with QR codes"), page


def _page_of(name, campaign):
    return reverse(f"admin:campaigns_campaign_{name}", args=[campaign.pk])


def _list(name, **of):
    """A list of the admin, of this campaign or petition only."""
    ((field, row),) = of.items()
    return reverse(f"admin:{name}_changelist") + f"?{field}__id__exact={row.pk}"
