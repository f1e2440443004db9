from django.urls import path

from comments import mine
from comments.views import reading, writer, writing
from comments.views.writing import confirming

app_name = "comments"
urlpatterns = [
    path("<slug:slug>/comments/", writing.comments, name="comments"),
    path("mine/<slug:key>/comments/<int:pk>/removal/", mine.removal, name="mine"),
    path(
        "mine/<slug:key>/comment-subscription/",
        mine.subscription,
        name="my-subscription",
    ),
    path("moderation/", reading.rules, name="rules"),
    path("comment-subscriptions/<slug:key>/", writer.subscription, name="subscription"),
    path("<slug:slug>/comments/page/<int:number>/", reading.thread, name="comments"),
    path("<slug:slug>/comments/newest/", reading.newest, name="newest"),
    path(
        "<slug:slug>/comments/newest/page/<int:number>/", reading.newest, name="newest"
    ),
    path("<slug:slug>/comments/feed/", reading.feed, name="feed"),
    path("<slug:slug>/comments/<int:pk>/", reading.comment, name="comment"),
    path(
        "<slug:slug>/comments/<int:pk>/conversation/",
        reading.conversation,
        name="conversation",
    ),
    path(
        "<slug:slug>/comments/<int:pk>/conversation/page/<int:number>/",
        reading.conversation,
        name="conversation",
    ),
    path("<slug:slug>/comments/<int:pk>/reply/", writing.reply, name="reply"),
    path("<slug:slug>/comments/<int:pk>/report/", writing.report, name="report"),
    path("<slug:slug>/comments/writer/<slug:key>/", writer.writer, name="writer"),
    path("<slug:slug>/comments/writer/<slug:key>/text/", writer.text, name="text"),
    path(
        "<slug:slug>/comments/writer/<slug:key>/appeal/", writer.appeal, name="appeal"
    ),
    path(
        "<slug:slug>/comments/writer/<slug:key>/removal/",
        writer.removal,
        name="removal",
    ),
    path("<slug:slug>/comments/<str:token>/", confirming.inbox, name="inbox"),
    path("<slug:slug>/comments/<str:token>/code/", confirming.code, name="code"),
    path("<slug:slug>/comments/<str:token>/mail/", confirming.mail, name="mail"),
    path("<slug:slug>/comments/<str:token>/text/", writing.edit, name="edit"),
    path("<slug:slug>/comments/<str:token>/removal/", writing.remove, name="remove"),
    path(
        "<slug:slug>/comments/<str:token>/confirmation/",
        confirming.confirmation,
        name="confirmation",
    ),
]
