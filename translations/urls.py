from django.urls import path

from translations import views
from translations.word_reports import views as word_reports

app_name = "translations"
urlpatterns = [
    path("wrong-words/", word_reports.wrong_word, name="wrong-word"),
    path("wrong-words/thanks/", word_reports.thanks, name="wrong-word-thanks"),
    path("translations/<slug:key>/", views.link, name="link"),
    path("translations/<slug:key>/texts/", views.begin, name="begin"),
    path("translations/<slug:key>/texts/<slug:part>/", views.texts, name="texts"),
    path("translations/<slug:key>/texts/<slug:part>/kept/", views.keep, name="keep"),
    path(
        "translations/<slug:key>/texts/<slug:part>/preview/",
        views.preview,
        name="preview",
    ),
    path("translations/<slug:key>/po/", views.po_page, name="po"),
    path("translations/<slug:key>/po/file/", views.po_file, name="po-file"),
    path("translations/<slug:key>/thanks/", views.handed_in, name="handed-in"),
    path("translations/<slug:key>/closing/", views.closing, name="closing"),
]
