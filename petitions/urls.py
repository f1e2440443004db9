from django.urls import path

from petitions import mine, views
from petitions.views import confirming

app_name = "petitions"
urlpatterns = [
    path("mine/<slug:key>/signatures/<int:pk>/", mine.signature, name="mine"),
    path(
        "mine/<slug:key>/signatures/<int:pk>/withdrawal/",
        mine.withdrawal,
        name="mine-withdrawal",
    ),
    path("<slug:slug>/signatures/", views.signatures, name="signatures"),
    path("<slug:slug>/signatures/thanks/", views.thanks, name="thanks"),
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
