from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's sessions in the database, asked only for keys that can be one.

    A cookie may hold anything, and PostgreSQL refuses a text with NUL in it.
    """

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()

    @classmethod
    def get_model_class(cls):
        return db.SessionStore.get_model_class()
