from django.urls import path

from campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("", views.home, name="home"),
    path("page/<int:number>/", views.home, name="home"),
    path("drafts/<str:token>/", views.draft, name="draft"),
    path("<slug:slug>/updates/", views.updates, name="updates"),
    path("<slug:slug>/updates/page/<int:number>/", views.updates, name="updates"),
    path("<slug:slug>/updates/feed/", views.feed, name="feed"),
    path("<slug:slug>/updates/<int:pk>/", views.update, name="update"),
    path("<slug:slug>/", views.campaign, name="campaign"),
]
