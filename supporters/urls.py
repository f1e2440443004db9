from django.urls import path

from supporters import views
from supporters.views import confirming

app_name = "supporters"
urlpatterns = [
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
