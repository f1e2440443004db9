from django.urls import include, path

from supporters.acts import denying, stopping
from supporters.follow import views
from supporters.follow.views import confirming
from supporters.my_page import entering, mail_choices, page, this_browser
from supporters.notices import views as notices

app_name = "supporters"
# What begins alike stands together, so that an address is compared with few routes.
my_page = [
    path("", page.page, name="page"),
    path("code/", entering.code, name="my-code"),
    path("mail/", entering.mail, name="my-mail"),
    path("opening/", entering.opening, name="opening"),
    path("all/<slug:name>/", page.section, name="section"),
    path("export/", page.export, name="export"),
    path("export.json", page.export_file, name="export-file"),
    path("erasure/", page.erasure, name="erasure"),
    path("mails/", mail_choices.mails, name="mails"),
    path("language/", mail_choices.language, name="language"),
    path("follows/<int:pk>/", mail_choices.follow, name="my-follow"),
    path("browsers/", page.browsers, name="browsers"),
    path("consents/<int:pk>/withdrawal/", page.consent, name="consent"),
    path("denials/<int:pk>/", denying.undo, name="my-denial"),
]
follows = [
    path("", views.follows, name="follows"),
    path("<slug:key>/thanks/", views.thanks, name="thanks"),
    path("<slug:key>/cancellation/", views.cancellation, name="cancellation"),
    path(
        "<slug:key>/cancellation/all/",
        views.cancellation_of_all,
        name="cancellation-of-all",
    ),
    path("<str:token>/", confirming.inbox, name="inbox"),
    path("<str:token>/code/", confirming.code, name="code"),
    path("<str:token>/mail/", confirming.mail, name="mail"),
    path("<str:token>/confirmation/", confirming.confirmation, name="confirmation"),
]
urlpatterns = [
    path("mine/", entering.mine, name="mine"),
    path("mine/browser/", this_browser.this_browser, name="browser"),
    path("mine/<slug:key>/", include(my_page)),
    path("questions/<str:token>/denial/", denying.denial, name="denial"),
    path("emails/<str:key>/cancellation/", stopping.stopping, name="stopping"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<slug:key>/", notices.notice, name="notice"),
    path("<campaign:slug>/follows/", views.follows, name="follows"),
    path("follows/", include(follows)),
]
