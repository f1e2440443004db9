from django.urls import path

from letters import mine, views
from letters.views import confirming

app_name = "letters"
urlpatterns = [
    path("mine/<slug:key>/letters/<int:pk>/removal/", mine.removal, name="mine"),
    path("<slug:slug>/letter/", views.letter, name="letter"),
    path("<slug:slug>/letter/thanks/", views.thanks, name="thanks"),
    path("<slug:slug>/letter/sent/", views.sent, name="sent"),
    path("<slug:slug>/letters/<str:token>/", confirming.inbox, name="inbox"),
    path("<slug:slug>/letters/<str:token>/code/", confirming.code, name="code"),
    path("<slug:slug>/letters/<str:token>/mail/", confirming.mail, name="mail"),
    path(
        "<slug:slug>/letters/<str:token>/confirmation/",
        confirming.confirmation,
        name="confirmation",
    ),
    path("<slug:slug>/letters/<slug:key>/receipt/", views.receipt, name="receipt"),
    path(
        "<slug:slug>/letters/<slug:key>/receipt/follow-up/",
        views.follow_up,
        name="follow_up",
    ),
    path(
        "<slug:slug>/letters/<slug:key>/receipt/answers/<int:delivery>/",
        views.answer,
        name="answer",
    ),
]
