from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from campaigns.templatetags.campaigns import said_in
from pages.countries import country_of_clocks
from pages.fragments import cached_fragment
from pages.framed import is_framed
from petitions.figures import sparks
from petitions.petition import Petition, Standing
from petitions.signing.forms import KnownForm, SignForm
from petitions.signing.known import KnownSigner
from petitions.signing.models import Signature

register = template.Library()
HOUR, DAY, MONTH = 60, 24, 30


@register.simple_tag
def petition_of(campaign):
    """The campaign's petition, or None."""
    return Petition.objects.of_campaign(campaign)


@register.simple_tag
def own_signature(petition, supporter):
    """The signature by which this supporter is counted here, or None."""
    if not (petition and supporter):
        return None
    mine = Signature.objects.of_supporter(supporter).filter(petition=petition.pk)
    newest = mine.confirmed_newest().first()
    return newest and newest.signer.counted_signature


@register.inclusion_tag("petitions/_card.html", takes_context=True)
def petition_card(context, campaign, petition, letter, **done):
    """The petition's card: count, goal and form; the result once it has ended.

    `done` is what a known reader has done here: signed and written, or None each.
    """
    return {
        **done,
        "request": context.get("request"),
        "campaign": campaign,
        "petition": petition,
        "letter": letter,
    }


@register.simple_tag(takes_context=True)
def sign_form(context, campaign, petition, *, is_short=True):
    """The sign form; for a known browser one button, or that its owner is counted.

    Everybody else gets the same empty form, rendered once for its words.
    """
    request = context.get("request")
    known = request and KnownSigner.of(request, petition)
    likely = country_of_clocks(campaign.timezone)
    shown = {
        "slug": campaign.slug,
        "ask": petition.told_ask,
        "ask_in": said_in(campaign, "ask"),
        "is_short": is_short,
        "is_framed": is_framed(request),
    }
    if known:
        name = "_counted" if known.counted else "_sign_known"
        name, form = (name, KnownForm()) if known.last else ("_sign_form", known.form)
        shown |= {"known": known, "campaign": campaign, "to": request.path}
        return render_to_string(f"petitions/{name}.html", shown | {"form": form})
    return cached_fragment(
        "petitions/_sign_form.html",
        **shown,
        by=likely,
        made=lambda: {"form": SignForm(likely_country=likely)},
    )


@register.inclusion_tag("petitions/_removal.html")
def name_removal(signature, back, mine=""):
    """What removing this name means, with its button; `back` leads away from it."""
    return {
        "signature": signature,
        "days": settings.KEEP_WITHDRAWN_DAYS,
        "back": back,
        "mine": mine or reverse("supporters:mine"),
    }


@register.inclusion_tag("petitions/_way_to_sign.html", takes_context=True)
def way_to_sign(context, campaign, petition):
    """A button to the sign form; to the next steps for a reader who is counted."""
    known = KnownSigner.of(context["request"], petition)
    return {"campaign": campaign, "counted": known and known.counted}


@register.simple_tag
def tally(standing, label):
    """The count, and how far the goal is; `label` makes its id unique on the page."""
    return cached_fragment("petitions/_tally.html", standing=standing, label=label)


@register.simple_tag
def newest_signers(campaign, petition):
    """The place for the newest signers; their names are on a page of their own."""
    if not petition.standing.count:
        return ""
    return cached_fragment(
        "petitions/_signers.html",
        slug=campaign.slug,
        from_where=petition.standing.from_where,
        shows_names=not petition.names_hidden,
    )


@register.simple_tag
def petitions_of(campaigns):
    """Each campaign's petition, which knows its count, in one query for the list."""
    campaigns = {campaign.pk: campaign for campaign in campaigns}
    petitions = Petition.objects.filter(campaign__in=campaigns).with_count()
    for petition in petitions:
        petition.campaign = campaigns[petition.campaign_id]
        petition.standing = Standing(petition.count, 0)
    return {petition.campaign_id: petition for petition in petitions}


@register.simple_tag
def last_days(campaigns):
    """What was added to each campaign's count in the last 30 days, in one query."""
    return sparks(campaigns)


@register.filter
def of_campaign(by_campaign, campaign):
    return by_campaign.get(campaign.pk)


@register.filter
def ago(moment):
    """A past moment in words: "just now", "4 min ago"; later the date."""
    minutes = max(0, int((timezone.now() - moment).total_seconds() // 60))
    if not minutes:
        return gettext("just now")
    if minutes < HOUR:
        return ngettext("%(n)s min ago", "%(n)s min ago", minutes) % {"n": minutes}
    hours = minutes // HOUR
    if hours < DAY:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    days = hours // DAY
    if days < MONTH:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return date_format(moment, "DATE_FORMAT")
