from django.urls import include, path

from letters.officials import denying, entering, page, published_answer
from letters.receipt import unsent
from letters.receipt import views as receipt
from letters.writing import my_page, views
from letters.writing.views import confirming

app_name = "letters"
# What begins alike stands together, so that an address is compared with few routes.
letter = [
    path("answers/<int:pk>/", published_answer.answer_to_all, name="answer-to-all"),
    path("recipients/", views.recipients, name="recipients"),
    path("recipients/<int:number>/", views.recipients, name="recipients"),
    path("thanks/", views.thanks, name="thanks"),
    path("sent/", views.sent, name="sent"),
]
letters = [
    path("<str:token>/", confirming.inbox, name="inbox"),
    path("<str:token>/code/", confirming.code, name="code"),
    path("<str:token>/mail/", confirming.mail, name="mail"),
    path("<str:token>/confirmation/", confirming.confirmation, name="confirmation"),
    path("<slug:key>/receipt/", receipt.receipt, name="receipt"),
    path("<slug:key>/unsent/", unsent.unsent, name="unsent"),
    path("<slug:key>/receipt/follow-up/", receipt.follow_up, name="follow_up"),
    path("<slug:key>/receipt/answers/<int:delivery>/", receipt.answer, name="answer"),
]
officials = [
    path("<str:key>/", entering.official, name="official"),
    path("opening/<str:key>/", entering.opening, name="official-opening"),
    path("address/<str:key>/", entering.address, name="official-address"),
    path("objection/<str:key>/", entering.objection, name="official-objection"),
    path("denial/<str:key>/", denying.denial, name="official-denial"),
    path("page/<slug:key>/", page.page, name="official-page"),
    path("page/<slug:key>/rhythm/", page.rhythm, name="official-rhythm"),
    path("page/<slug:key>/address/", page.new_address, name="official-new-address"),
    path("page/<slug:key>/leaving/", page.leaving, name="official-leaving"),
    path("page/<slug:key>/letters/<int:pk>/", page.letters, name="official-letters"),
    path(
        "page/<slug:key>/letters/<int:pk>/answer/", page.answer, name="official-answer"
    ),
    path(
        "page/<slug:key>/letters/<int:pk>/file/", page.text_file, name="official-file"
    ),
    path(
        "page/<slug:key>/letters/<int:pk>/texts/<slug:words>/",
        page.writers,
        name="official-writers",
    ),
]
urlpatterns = [
    path("<campaign:slug>/letter/", views.letter, name="letter"),
    path("<campaign:slug>/letter/", include(letter)),
    path("<campaign:slug>/letters/", include(letters)),
    path("<campaign:slug>/embed/letter/", views.embedded, name="embedded"),
    path(
        "<campaign:slug>/embed/letter/sent/",
        confirming.embedded,
        name="embedded-inbox",
    ),
    path("officials/", include(officials)),
    path("mine/<slug:key>/letters/<int:pk>/removal/", my_page.removal, name="mine"),
]
