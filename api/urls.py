from django.urls import path, re_path

from api import views
from api.collections import COLLECTIONS

app_name = "api"
urlpatterns = [
    path("", views.entry_point, name="entry-point"),
    path("openapi.json", views.described, name="description"),
    path("campaigns/<campaign:slug>/", views.campaign, name="campaign"),
    path("campaigns/<campaign:slug>/petition/", views.petition, name="petition"),
]
for found in COLLECTIONS:
    below = "campaigns/<campaign:slug>/" if found.of_campaign else ""
    view, first = views.page_of(found), f"{below}{found.name}/"
    urlpatterns += [
        path(first, view, name=found.name),
        # No campaign has “page” for its address.
        path(f"{first}page/<str:cursor>/", view, name=found.name),
    ]
    if found.of_campaign:
        row = views.row_of(found)
        name = found.name.removesuffix("s")
        urlpatterns.append(path(f"{first}<int:pk>/", row, name=name))
# Also what no other route takes, like a line break.
urlpatterns.append(re_path(r"^[\s\S]+/$", views.nothing))
