from django.urls import include, path

from volunteers import views, workplace
from volunteers.views import at_link

app_name = "volunteers"
_texts = [
    path("", at_link(workplace.texts), name="texts"),
    path("kept/", at_link(workplace.keep), name="keep"),
    path("preview/", at_link(workplace.preview), name="preview"),
]
urlpatterns = [
    path("", views.link, name="link"),
    path("texts/", at_link(workplace.begin), name="begin"),
    path("texts/<slug:part>/", include(_texts)),
    path("po/", at_link(workplace.po_page), name="po"),
    path("po/file/", at_link(workplace.po_file), name="po-file"),
    path("thanks/", views.handed_in, name="handed-in"),
    path("closing/", views.closing, name="closing"),
]
