from django.urls import include, path

from comments import mine
from comments.views import reading, writer, writing
from comments.views.writing import confirming

app_name = "comments"
# What begins alike stands together, so that an address is compared with few routes.
thread = [
    path("page/<int:number>/", reading.thread, name="comments"),
    path("newest/", reading.newest, name="newest"),
    path("newest/page/<int:number>/", reading.newest, name="newest"),
    path("own-language/", reading.own_language, name="own-language"),
    path("own-language/page/<int:number>/", reading.own_language, name="own-language"),
    path("feed/", reading.feed, name="feed"),
    path("<int:pk>/", reading.comment, name="comment"),
    path("<int:pk>/conversation/", reading.conversation, name="conversation"),
    path(
        "<int:pk>/conversation/page/<int:number>/",
        reading.conversation,
        name="conversation",
    ),
    path("<int:pk>/reply/", writing.reply, name="reply"),
    path("<int:pk>/report/", writing.report, name="report"),
    path("writer/<slug:key>/", writer.writer, name="writer"),
    path("writer/<slug:key>/text/", writer.text, name="text"),
    path("writer/<slug:key>/appeal/", writer.appeal, name="appeal"),
    path("writer/<slug:key>/removal/", writer.removal, name="removal"),
    path("<str:token>/", confirming.inbox, name="inbox"),
    path("<str:token>/code/", confirming.code, name="code"),
    path("<str:token>/mail/", confirming.mail, name="mail"),
    path("<str:token>/text/", writing.edit, name="edit"),
    path("<str:token>/removal/", writing.remove, name="remove"),
    path("<str:token>/confirmation/", confirming.confirmation, name="confirmation"),
]
urlpatterns = [
    path("<campaign:slug>/comments/", writing.comments, name="comments"),
    path("<campaign:slug>/comments/", include(thread)),
    path("mine/<slug:key>/comments/<int:pk>/removal/", mine.removal, name="mine"),
    path("moderation/", reading.rules, name="rules"),
]
