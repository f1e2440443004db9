from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore


class SessionStore(DatabaseSessionStore):
    """Django's sessions in the database, asked only for keys that can be one.

    A cookie may hold anything; PostgreSQL refuses a text with NUL in it.
    """

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()

    @classmethod
    def get_model_class(cls):
        return DatabaseSessionStore.get_model_class()
