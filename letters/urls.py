from django.urls import path

from letters.officials import denying, entering, page, published_answer
from letters.receipt import unsent
from letters.receipt import views as receipt
from letters.writing import my_page, views
from letters.writing.views import confirming

app_name = "letters"
urlpatterns = [
    path("<slug:slug>/letter/", views.letter, name="letter"),
    path("mine/<slug:key>/letters/<int:pk>/removal/", my_page.removal, name="mine"),
    path("officials/<str:key>/", entering.official, name="official"),
    path("officials/opening/<str:key>/", entering.opening, name="official-opening"),
    path("officials/address/<str:key>/", entering.address, name="official-address"),
    path("officials/denial/<str:key>/", denying.denial, name="official-denial"),
    path("officials/page/<slug:key>/", page.page, name="official-page"),
    path("officials/page/<slug:key>/rhythm/", page.rhythm, name="official-rhythm"),
    path(
        "officials/page/<slug:key>/address/",
        page.new_address,
        name="official-new-address",
    ),
    path("officials/page/<slug:key>/leaving/", page.leaving, name="official-leaving"),
    path(
        "officials/page/<slug:key>/letters/<int:pk>/",
        page.letters,
        name="official-letters",
    ),
    path(
        "officials/page/<slug:key>/letters/<int:pk>/answer/",
        page.answer,
        name="official-answer",
    ),
    path(
        "officials/page/<slug:key>/letters/<int:pk>/texts/<slug:words>/",
        page.writers,
        name="official-writers",
    ),
    path(
        "<slug:slug>/letter/answers/<int:pk>/",
        published_answer.answer_to_all,
        name="answer-to-all",
    ),
    path("<slug:slug>/letter/recipients/", views.recipients, name="recipients"),
    path(
        "<slug:slug>/letter/recipients/<int:number>/",
        views.recipients,
        name="recipients",
    ),
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
    path("<slug:slug>/letters/<slug:key>/receipt/", receipt.receipt, name="receipt"),
    path("<slug:slug>/letters/<slug:key>/unsent/", unsent.unsent, name="unsent"),
    path(
        "<slug:slug>/letters/<slug:key>/receipt/follow-up/",
        receipt.follow_up,
        name="follow_up",
    ),
    path(
        "<slug:slug>/letters/<slug:key>/receipt/answers/<int:delivery>/",
        receipt.answer,
        name="answer",
    ),
]
