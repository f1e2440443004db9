from django.urls import path

from access_keys.signatures import signatures

app_name = "access_keys"
urlpatterns = [
    path(f"campaigns/<campaign:slug>/signatures/{page}", signatures, name="signatures")
    for page in ("", "page/<str:cursor>/")
]
