from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from campaign_editor import preview, unsaved, views
from campaign_editor.home import home

app_name = "campaign_editor"


def page(route, view, name):
    of = "campaigns.campaign"
    return path(route, admin.site.admin_view(view, about="", of=of), name=name)


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="campaign_editor:new")),
    page("campaigns/new/", views.new, "new"),
    page("campaigns/new/unsaved/", unsaved.keep, "keep-new"),
    page("campaigns/new/preview/", preview.preview, "preview-new"),
    page("campaigns/copy/", views.copy, "copy"),
    page("campaigns/<int:pk>/", views.guided, "guided"),
    page("campaigns/<int:pk>/unsaved/", unsaved.keep, "keep"),
    page("campaigns/<int:pk>/preview/", preview.preview, "preview"),
    page("campaigns/<int:pk>/home/", home, "home"),
]
