"""The way to my page: the address, the mail, the code or the button."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from pages.errors import error_page
from pages.page_cache import public_page
from pages.same_origin import public_form
from safeguards import limits
from safeguards.counters import HOUR, Limit, hit
from safeguards.network import Network, networks_of
from supporters.acts.confirming import minutes_behind, wrong_code
from supporters.forms import AddressForm, MailedCodeForm
from supporters.my_page import browser
from supporters.my_page.access import expired
from supporters.my_page.visits import Visit

MY_PAGE = Limit("my page", of=Network, window=HOUR, setting="LIMIT_ACTS_BEFORE_HELD")


@public_page
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request):
    """Ask for my page by address: the answer is the same whatever is stored for it.

    A known browser opens it by one button, for the address that it has confirmed.
    """
    typed = browser.fill_in_address(request) if request.method == "POST" else None
    form = AddressForm(typed)
    if form.is_bound and form.is_valid():
        if hit(MY_PAGE(networks_of(request))):
            return error_page(request, 429, wait=HOUR)
        return redirect("supporters:page", key=_visit(request, form).key)
    status = 422 if form.is_bound else 200
    return render(request, "supporters/mine.html", {"form": form}, status=status)


def request_visit(request, supporter, leads_to):
    """Let only the owner of an address go on to a path of ours.

    The link to this may have been forwarded. A browser that has confirmed the address
    goes on at once; any other needs the link or code in a mail to the address.
    """
    if browser.supporter_of(request) == supporter:
        return redirect(leads_to)
    if hit(MY_PAGE(networks_of(request))):
        return error_page(request, 429, wait=HOUR)
    visit = Visit.objects.request(supporter.email, get_language(), leads_to)
    return redirect("supporters:page", key=visit.key)


def inbox(request, visit, *, code_form=None, status=200):
    """Check your inbox: what the page of a visit shows until it is opened."""
    context = {
        "visit": visit,
        "code_form": code_form or MailedCodeForm(),
        "form": code_form,
        "was_sent_again": request.GET.get("again") == "1",
        "minutes": settings.VISIT_LINK_MINUTES,
        "minutes_behind": minutes_behind(),
        "mails_an_hour": limits.number("LIMIT_MAILS_TO_ADDRESS"),
    }
    response = render(request, "supporters/visit.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@public_form
@require_POST
def code(request, key):
    """Open it by the six digits of the mail, in the tab that is still open."""
    visit = waiting_visit(key)
    if visit is None:
        return expired(request)
    form = MailedCodeForm(request.POST)
    if form.is_valid():
        if visit.takes(form.cleaned_data["code"]):
            return _open(request, visit, form.cleaned_data["own_device"])
        form.add_error("code", wrong_code(visit))
    return inbox(request, visit, code_form=form, status=422)


@public_form
@require_POST
def mail(request, key):
    """Send the mail again."""
    visit = waiting_visit(key)
    if visit is None:
        return expired(request)
    visit.mail_link_later()
    page = redirect("supporters:page", key=visit.key)
    page["Location"] += "?again=1"
    return page


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request, key):
    """The page of the link in the mail: one button, since scanners open links."""
    try:
        visit = Visit.objects.for_mail_key(key)
    except Visit.DoesNotExist:
        return expired(request)
    if request.method == "POST":
        return _open(request, visit, bool(request.POST.get("own_device")))
    response = render(request, "supporters/opening.html", {"visit": visit})
    response["Cache-Control"] = "no-store"
    return response


def waiting_visit(key):
    return Visit.objects.waiting().select_related("supporter").filter(key=key).first()


def _visit(request, form):
    """The visit; opened at once if this browser has confirmed the typed address."""
    email = form.cleaned_data["email"]
    supporter = browser.supporter_of(request)
    if supporter is not None and supporter.email == email:
        return Visit.objects.begin(supporter, get_language())
    return Visit.objects.request(email, get_language())


def _open(request, visit, own_device):
    if not visit.open():
        return expired(request)
    response = redirect(visit.leads_to or visit.page_url)
    browser.remember(response, visit.supporter, own_device=own_device)
    return response
