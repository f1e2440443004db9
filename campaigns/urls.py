from django.urls import path

from campaigns import embedding, views

app_name = "campaigns"
urlpatterns = [
    path("", views.home, name="home"),
    path("page/<int:number>/", views.home, name="home"),
    path("drafts/<str:token>/", views.draft, name="draft"),
    path("<campaign:slug>/calendar.ics", views.calendar, name="calendar"),
    path("<campaign:slug>/updates/", views.updates, name="updates"),
    path("<campaign:slug>/updates/page/<int:number>/", views.updates, name="updates"),
    path("<campaign:slug>/updates/feed/", views.feed, name="feed"),
    path("<campaign:slug>/updates/<int:pk>/", views.update, name="update"),
    path("<campaign:slug>/embed/", embedding.page, name="embed"),
    path("<campaign:slug>/", views.campaign, name="campaign"),
]
