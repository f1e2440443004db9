from django.urls import path

from petitions.counting import views as counting
from petitions.names import views as name_reports
from petitions.signing import my_page, views
from petitions.signing.views import confirming

app_name = "petitions"
urlpatterns = [
    path("<slug:slug>/signatures/", views.signatures, name="signatures"),
    path("mine/<slug:key>/signatures/<int:pk>/", my_page.signature, name="mine"),
    path(
        "mine/<slug:key>/signatures/<int:pk>/withdrawal/",
        my_page.withdrawal,
        name="mine-withdrawal",
    ),
    path(
        "mine/<slug:key>/signatures/<int:pk>/proof/", my_page.proof, name="mine-proof"
    ),
    path("<slug:slug>/count/", counting.count, name="count"),
    path("<slug:slug>/count.json", counting.live, name="live"),
    path("<slug:slug>/count/links-<int:number>.csv", counting.links, name="links"),
    path("<slug:slug>/signatures/newest/", counting.newest, name="newest"),
    path(
        "<slug:slug>/signatures/newest/<int:pk>/report/",
        name_reports.report,
        name="name-report",
    ),
    path("<slug:slug>/signatures/next/<slug:key>/", views.sign_next, name="next"),
    path("<slug:slug>/signatures/thanks/", views.thanks, name="thanks"),
    path("<slug:slug>/signatures/thanks/<str:key>/", views.own, name="own"),
    path("<slug:slug>/signatures/<str:token>/", confirming.inbox, name="inbox"),
    path("<slug:slug>/signatures/<str:token>/code/", confirming.code, name="code"),
    path("<slug:slug>/signatures/<str:token>/mail/", confirming.mail, name="mail"),
    path(
        "<slug:slug>/signatures/<str:token>/confirmation/",
        confirming.confirmation,
        name="confirmation",
    ),
    path(
        "<slug:slug>/signatures/<slug:key>/withdrawal/",
        views.withdrawal,
        name="withdrawal",
    ),
]
