"""The writer's page, behind the links in their mails: state, reason, what to do."""

from functools import wraps

from django import forms
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from comments.forms import AppealForm, ChangedTextForm, TextForm
from comments.statement import Statement
from comments.views import writing
from comments.views.finding import comment_of_writer
from pages.errors import error_page
from pages.form_fields import typed_in
from pages.same_origin import public_form
from supporters.my_page import browser, entering


def for_owner(form):
    """Make a view for the owner of the mailbox: `view(request, comment)`.

    Mails are forwarded, and the key in them, too. So the key alone shows only where the
    comment stands and why. The comment's words, and every change, need the browser that
    has confirmed the address. If another browser sent this `form`, it gets back what
    was typed.
    """

    def guard(view):
        @public_form
        @wraps(view)
        def guarded(request, slug, key):
            comment = comment_of_writer(slug, key)
            if comment.is_removed or _is_owner(request, comment):
                return view(request, comment)
            is_post = request.method == "POST"
            typed = typed_in(form(request.POST)) if is_post else ()
            return _page(request, comment, typed=typed, status=403 if is_post else 200)

        return guarded

    return guard


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def writer(request, slug, key):
    """One's own comment: where it stands and why, and what one can do about it.

    The button proves the mailbox, and leads back here.
    """
    comment = comment_of_writer(slug, key)
    if request.method == "POST" and comment.confirmation:
        owner = comment.confirmation.supporter
        return entering.request_visit(request, owner, comment.writer_url)
    return _page(request, comment)


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner(TextForm)
def text(request, comment):
    """Change it, so that a moderator looks at it again."""
    if request.method != "POST":
        if not comment.by_writer.may_resubmit:
            return _page(request, comment)
        form = ChangedTextForm(comment=comment)
    else:
        form = ChangedTextForm(request.POST, comment=comment)
        if not comment.by_writer.may_resubmit:
            return _page(request, comment, typed=typed_in(form), status=409)
        if form.is_valid():
            writing.edit_comment(request, comment, form)
            return redirect(comment.writer_url)
    return writing.text_page(request, comment, form, back=comment.writer_url)


@require_POST
@for_owner(AppealForm)
def appeal(request, comment):
    """Ask another moderator, once."""
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, comment, form, status=422)
    words = form.cleaned_data["words"]
    if not comment.by_writer.appeal(words) and comment.appeal != words:
        return _page(request, comment, typed=typed_in(form), status=409)
    return redirect(comment.writer_url)


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner(forms.Form)
def removal(request, comment):
    """Delete one's own comment, by a button on a page."""
    if request.method == "POST":
        comment.remove()
    return writing.removal_page(request, comment, back=comment.writer_url)


def _is_owner(request, comment):
    """Whether this browser has confirmed the address of the comment."""
    owner = comment.confirmation and comment.confirmation.supporter
    return owner is not None and browser.supporter_of(request) == owner


def _page(request, comment, form=None, *, typed=(), status=200):
    if comment.confirmation is None and not comment.is_removed:
        return error_page(request, 404)
    return render(
        request,
        "comments/writer.html",
        {
            "campaign": comment.campaign,
            "comment": comment,
            "is_owner": _is_owner(request, comment),
            "statement": Statement(comment),
            "form": form,
            "appeal_form": form or AppealForm(),
            "typed": typed,
        },
        status=status,
    )
