from django.urls import path

from translations import views

app_name = "translations"
urlpatterns = [
    path("translations/<slug:key>/", views.link, name="link"),
    path("translations/<slug:key>/texts/", views.begin, name="begin"),
    path("translations/<slug:key>/texts/<slug:part>/", views.texts, name="texts"),
    path("translations/<slug:key>/texts/<slug:part>/kept/", views.keep, name="keep"),
    path(
        "translations/<slug:key>/texts/<slug:part>/preview/",
        views.preview,
        name="preview",
    ),
    path("translations/<slug:key>/thanks/", views.handed_in, name="handed-in"),
    path("translations/<slug:key>/closing/", views.closing, name="closing"),
]
