from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who works here: campaigner, moderator, administrator.

    Supporters are not users: they have no password and no account.
    """
