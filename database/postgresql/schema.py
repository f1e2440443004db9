"""How Django makes our tables: without the indexes that nothing asks."""

from typing import Any

from django.db.backends.postgresql import schema


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Makes no second index, for LIKE, of a text that is unique or has an index.

    Keys and addresses are looked up whole. Every row would pay for it.
    """

    def _create_like_index_sql(self, *_model_and_field: Any) -> None:
        return None
