"""The translations of a campaign at the desk: how they stand, and who helps."""

from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models import Campaign
from volunteers import workplace
from volunteers.ask_desk import AskForm
from volunteers.languages_desk import state_in_words
from volunteers.parts import begun_in, further_languages
from volunteers.requests import ASKS, TranslationRequest, in_days

app_name = "volunteers_desk"


def _campaign(request, pk):
    if not request.user.has_perm(ASKS):
        raise PermissionDenied
    return get_object_or_404(Campaign.objects.not_deleted(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def translations(request, pk):
    """How each language stands, who has a link, and a form to ask somebody."""
    campaign = _campaign(request, pk)
    codes = further_languages(campaign)
    begun = begun_in(campaign)
    to_begin = [code for code in codes if code not in {b.language for b in begun}]
    form = AskForm(
        request.POST if request.method == "POST" else None,
        languages=codes,
        initial={"language": request.GET.get("language") or next(iter(to_begin), "")},
    )
    if form.is_bound and form.is_valid():
        return _ask(request, campaign, form.cleaned_data)
    asked = campaign.translation_requests.select_related("asked_by")
    makers = {}  # what each may do is looked up once
    for each in asked:
        each.asked_by = makers.setdefault(each.asked_by_id, each.asked_by)
    context = {
        **admin.site.frame(request, Campaign._meta),
        "title": _("Translations"),
        "campaign": campaign,
        "form": form,
        "translations": [(each, state_in_words(each)) for each in begun],
        "codes": codes,
        "to_begin": to_begin,
        "requests": [each for each in asked if each.is_open],
        "over": [each for each in asked if not each.is_open][:20],
    }
    status = 422 if form.is_bound else 200
    template = "admin/volunteers/translations.html"
    return TemplateResponse(request, template, context, status=status)


def _ask(request, campaign, typed):
    made = TranslationRequest.objects.ask(
        campaign=campaign,
        language=typed["language"],
        role=typed["role"],
        may_publish=typed["may_publish"],
        with_drafts=typed["with_drafts"],
        name=typed["name"],
        email=typed["email"],
        ends_at=in_days(typed["days"]),
        asked_by=request.user,
    )
    said = _("The link is ready. Copy it below, and pass it on.")
    if made.email:
        said = _("The link is on its way to %s.") % made.email
    messages.success(request, said)
    return redirect("volunteers_desk:translations", campaign.pk)


@require_POST
def close(request, pk, number):
    """End a link. What was written with it stays."""
    campaign = _campaign(request, pk)
    found = get_object_or_404(campaign.translation_requests, pk=number)
    found.close()
    messages.success(request, _("The link is closed. What was written stays."))
    return redirect("volunteers_desk:translations", campaign.pk)


@require_POST
def take_over(request, pk, number):
    """Answer for a link whose campaigner may not any more, so that it works again."""
    campaign = _campaign(request, pk)
    found = get_object_or_404(campaign.translation_requests, pk=number)
    if found.take_over(request.user):
        messages.success(request, _("The link works again. You answer for it now."))
    else:
        said = _("Somebody has already decided on it. Nothing has changed.")
        messages.warning(request, said)
    return redirect("volunteers_desk:translations", campaign.pk)


def at_desk(view):
    """Make a page of a workplace one of the desk."""

    @wraps(view)
    def placed(request, pk, language, **which):
        campaign = _campaign(request, pk)
        if language not in further_languages(campaign):
            raise Http404
        place = workplace.Workplace(campaign, language, user=request.user)
        return view(request, place, **which)

    return placed


def page(route, view, name, about="", **options):
    of = "campaigns.campaign"
    wrapped = admin.site.admin_view(view, about=about, of=of, **options)
    return path(f"<int:pk>/{route}", wrapped, name=name)


def place(route, view, name, **options):
    return page(f"<slug:language>/{route}", at_desk(view), name, **options)


REQUESTS = "volunteers.translationrequest"
urlpatterns = [
    page("", translations, "translations", REQUESTS),
    page("links/<int:number>/closing/", close, "close", REQUESTS),
    page("links/<int:number>/", take_over, "take-over", REQUESTS),
    place("", workplace.begin, "begin"),
    place("po/", workplace.po_page, "po"),
    place("po/file/", workplace.po_file, "po-file", exports=True),
    place("<slug:part>/", workplace.texts, "texts"),
    place("<slug:part>/kept/", workplace.keep, "keep"),
    place("<slug:part>/preview/", workplace.preview, "preview"),
]
