from django.urls import include, path

from volunteers import views

app_name = "volunteers"
_texts = [
    path("", views.texts, name="texts"),
    path("kept/", views.keep, name="keep"),
    path("preview/", views.preview, name="preview"),
]
urlpatterns = [
    path("", views.link, name="link"),
    path("texts/", views.begin, name="begin"),
    path("texts/<slug:part>/", include(_texts)),
    path("po/", views.po_page, name="po"),
    path("po/file/", views.po_file, name="po-file"),
    path("thanks/", views.handed_in, name="handed-in"),
    path("closing/", views.closing, name="closing"),
]
