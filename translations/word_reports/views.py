"""“Is a word wrong here?”: a short form, and the page after it."""

from django import forms
from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from pages.form_fields import TextField
from pages.read_only import read_only
from pages.same_origin import public_form
from safeguards.counters import HOUR, Limit, hit
from safeguards.judging import judge
from safeguards.network import Network, networks_of
from supporters.notices.about_a_page import AboutAPage, PageField
from supporters.notices.place import (
    MOST_LETTERS,
    NotOfThisSite,
    OfOnePerson,
    campaign_at,
    hosts_of,
    place_of,
)
from translations.word_reports.models import WordReport

WORD_REPORTS = Limit("wrong words", of=Network, window=HOUR, setting="LIMIT_NOTICES")


class WordReportForm(AboutAPage):
    """Which page, what is wrong on it, and how it should read."""

    location = PageField(
        label=_("On which page?"),
    )
    words = TextField(
        label=_("Which words are wrong?"),
        max_length=1000,
        required_message=_("Copy the words that are wrong."),
        too_long_message=_("Shorten this to 1,000 characters."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    better = TextField(
        label=_("How should it read?"),
        max_length=1000,
        required=False,
        required_message="",
        too_long_message=_("Shorten this to 1,000 characters."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="word-%s", **kwargs)


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def wrong_word(request):
    """The form; the page from which somebody comes is filled in."""
    host = request.get_host()
    if request.method != "POST":
        form = WordReportForm(host=host, initial={"location": _came_from(request)})
        return _form_page(request, form)
    form = WordReportForm(request.POST, host=host)
    if not form.is_valid():
        return _form_page(request, form)
    networks = networks_of(request)
    if hit(WORD_REPORTS(networks)):
        many = _("Your network has sent a lot of reports. Try again in an hour.")
        form.add_error(None, many)
        return _form_page(request, form)
    place = form.cleaned_data["location"]
    said = "\n".join((form.cleaned_data["words"], form.cleaned_data["better"]))
    WordReport.objects.take(
        campaign=campaign_at(place),
        location=place.path,
        language=place.language,
        words=form.cleaned_data["words"],
        better=form.cleaned_data["better"],
        network_hash=networks.hash,
        is_suspect=judge(text=said).holds,
    )
    return redirect("translations:wrong-word-thanks")


@read_only
def thanks(request):
    return render(request, "translations/wrong_word_thanks.html")


def _came_from(request):
    """The address of the page of ours on which the link was pressed; else nothing."""
    address = request.META.get("HTTP_REFERER", "")[:MOST_LETTERS]
    try:
        return absolute_of(place_of(address, hosts_of(request.get_host())))
    except (NotOfThisSite, OfOnePerson):
        return ""


def absolute_of(place):
    return f"{settings.SITE_URL}{place.path}"


def _form_page(request, form):
    status = 422 if form.is_bound else 200
    page = "translations/wrong_word.html"
    response = render(request, page, {"form": form}, status=status)
    response["Cache-Control"] = "no-store"
    return response
