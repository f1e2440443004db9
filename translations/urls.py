from django.urls import path

from translations.word_reports import views as word_reports

app_name = "translations"
urlpatterns = [
    path("wrong-words/", word_reports.wrong_word, name="wrong-word"),
    path("wrong-words/thanks/", word_reports.thanks, name="wrong-word-thanks"),
]
