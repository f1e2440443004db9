from django.urls import path

from letters import views

app_name = "letters"
urlpatterns = [
    path("<slug:slug>/letter/", views.letter, name="letter"),
    path("<slug:slug>/letter/sent/", views.sent, name="sent"),
]
