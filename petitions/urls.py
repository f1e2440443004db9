from django.urls import include, path

from petitions.counting import views as counting
from petitions.names import views as name_reports
from petitions.signing import my_page, views
from petitions.signing.views import confirming

app_name = "petitions"
# What begins alike stands together, so that an address is compared with few routes.
signatures = [
    path("newest/", counting.newest, name="newest"),
    path("newest/<slug:number>/report/", name_reports.report, name="name-report"),
    path("next/<str:key>/", views.sign_next, name="next"),
    path("thanks/", views.thanks, name="thanks"),
    path("thanks/<str:key>/", views.own, name="own"),
    path("<str:token>/", confirming.inbox, name="inbox"),
    path("<str:token>/code/", confirming.code, name="code"),
    path("<str:token>/mail/", confirming.mail, name="mail"),
    path("<str:token>/confirmation/", confirming.confirmation, name="confirmation"),
    path("<slug:key>/withdrawal/", views.withdrawal, name="withdrawal"),
]
mine = [
    path("", my_page.signature, name="mine"),
    path("withdrawal/", my_page.withdrawal, name="mine-withdrawal"),
    path("proof/", my_page.proof, name="mine-proof"),
]
urlpatterns = [
    path("<campaign:slug>/signatures/", views.signatures, name="signatures"),
    path("<campaign:slug>/signatures/", include(signatures)),
    path("mine/<slug:key>/signatures/<int:pk>/", include(mine)),
    path("<campaign:slug>/embed/petition/", views.embedded, name="embedded"),
    path(
        "<campaign:slug>/embed/petition/sent/",
        confirming.embedded,
        name="embedded-inbox",
    ),
    path("<campaign:slug>/embed/count/", counting.embedded, name="embedded-count"),
    path("<campaign:slug>/count/", counting.count, name="count"),
    path("<campaign:slug>/count.json", counting.live, name="live"),
    path("<campaign:slug>/count/links-<int:number>.csv", counting.links, name="links"),
]
