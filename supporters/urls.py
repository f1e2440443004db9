from django.urls import path

from supporters.acts import denying, stopping
from supporters.follow import views
from supporters.follow.views import confirming
from supporters.my_page import entering, mail_choices, page, this_browser

app_name = "supporters"
urlpatterns = [
    path("mine/", entering.mine, name="mine"),
    path("mine/browser/", this_browser.this_browser, name="browser"),
    path("mine/<slug:key>/", page.page, name="page"),
    path("mine/<slug:key>/code/", entering.code, name="my-code"),
    path("mine/<slug:key>/mail/", entering.mail, name="my-mail"),
    path("mine/<slug:key>/opening/", entering.opening, name="opening"),
    path("mine/<slug:key>/all/<slug:name>/", page.section, name="section"),
    path("mine/<slug:key>/export/", page.export, name="export"),
    path("mine/<slug:key>/export.json", page.export_file, name="export-file"),
    path("mine/<slug:key>/erasure/", page.erasure, name="erasure"),
    path("mine/<slug:key>/mails/", mail_choices.mails, name="mails"),
    path("mine/<slug:key>/language/", mail_choices.language, name="language"),
    path("mine/<slug:key>/follows/<int:pk>/", mail_choices.follow, name="my-follow"),
    path("mine/<slug:key>/browsers/", page.browsers, name="browsers"),
    path("mine/<slug:key>/consents/<int:pk>/withdrawal/", page.consent, name="consent"),
    path("mine/<slug:key>/denials/<int:pk>/", denying.undo, name="my-denial"),
    path("questions/<str:token>/denial/", denying.denial, name="denial"),
    path("emails/<str:key>/cancellation/", stopping.stopping, name="stopping"),
    path("follows/", views.follows, name="follows"),
    path("<slug:slug>/follows/", views.follows, name="follows"),
    path("follows/<slug:key>/thanks/", views.thanks, name="thanks"),
    path("follows/<slug:key>/cancellation/", views.cancellation, name="cancellation"),
    path(
        "follows/<slug:key>/cancellation/all/",
        views.cancellation_of_all,
        name="cancellation-of-all",
    ),
    path("follows/<str:token>/", confirming.inbox, name="inbox"),
    path("follows/<str:token>/code/", confirming.code, name="code"),
    path("follows/<str:token>/mail/", confirming.mail, name="mail"),
    path(
        "follows/<str:token>/confirmation/",
        confirming.confirmation,
        name="confirmation",
    ),
]
