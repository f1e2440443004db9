"""The form for notices of illegal content, and the page of each notice."""

from django.conf import settings
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pages.addresses import absolute
from pages.same_origin import public_form
from safeguards.counters import HOUR, Limit, hit
from safeguards.network import Network, networks_of
from supporters.notices.forms import NoticeForm
from supporters.notices.models import Report
from supporters.notices.place import campaign_at, tell_of

NOTICES = Limit("notices", of=Network, window=HOUR, setting="LIMIT_NOTICES")


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request):
    """The form; the link beside some content fills in where that content is."""
    host = request.get_host()
    if request.method != "POST":
        about = request.GET.get("about", "")
        location = absolute(about) if about.startswith("/") else ""
        return _form_page(
            request, NoticeForm(host=host, initial={"location": location})
        )
    form = NoticeForm(request.POST, host=host)
    if not form.is_valid():
        return _form_page(request, form)
    networks = networks_of(request)
    if hit(NOTICES(networks)):
        many = _("Your network has sent a lot of notices. Try again in an hour.")
        form.add_error(None, many)
        return _form_page(request, form)
    typed = form.cleaned_data
    place = typed["location"]
    notice, is_new = Report.objects.take(
        location=str(place),
        content=place.path,
        campaign=campaign_at(place),
        law=typed["law"],
        words=typed["words"],
        name=typed["name"],
        email=typed["email"],
        language=get_language(),
        network_hash=networks.hash,
    )
    if is_new:
        tell_of(notice, place)
    return redirect("supporters:notice", notice.key)


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request, key):
    """How a notice stands; the owner of its address can say that it is not theirs.

    Nothing of what was typed stands here: links are passed on.
    """
    found = get_object_or_404(Report.objects.notices(), Q(key=key) | Q(mail_key=key))
    is_owner = found.mail_key == key
    if request.method == "POST":
        if is_owner:
            found.disown()
        return redirect("supporters:notice", key)
    context = {
        "notice": found,
        "is_owner": is_owner,
        "held_days": settings.KEEP_HELD_DAYS,
    }
    return render(request, "supporters/notices/notice.html", context)


def _form_page(request, form):
    status = 422 if form.is_bound else 200
    context = {"form": form, "held_days": settings.KEEP_HELD_DAYS}
    return render(request, "supporters/notices/form.html", context, status=status)
