from django.urls import path

from petitions import views

app_name = "petitions"
urlpatterns = [
    path("<slug:slug>/signatures/", views.signatures, name="signatures"),
    path("<slug:slug>/signatures/thanks/", views.thanks, name="thanks"),
    path("<slug:slug>/signatures/<str:token>/", views.inbox, name="inbox"),
    path("<slug:slug>/signatures/<str:token>/code/", views.code, name="code"),
    path("<slug:slug>/signatures/<str:token>/mail/", views.mail, name="mail"),
    path(
        "<slug:slug>/signatures/<str:token>/confirmation/",
        views.confirmation,
        name="confirmation",
    ),
    path(
        "<slug:slug>/signatures/<str:key>/withdrawal/",
        views.withdrawal,
        name="withdrawal",
    ),
]
