from django.contrib import admin
from django.urls import path

from campaign_editor import views

app_name = "campaign_editor"


def page(route, view, name):
    return path(route, admin.site.admin_view(view, about=""), name=name)


urlpatterns = [
    page("campaigns/new/", views.new, "new"),
    page("campaigns/copy/", views.copy, "copy"),
    page("campaigns/<int:pk>/", views.guided, "guided"),
    page("first-steps/", views.first_steps, "first-steps"),
]
