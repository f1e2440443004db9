from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Static files under names that change with their content, imports included.

    Our modules import each other by relative paths. Without this switch, a hashed
    main.js would import the unhashed names, which are not cached.
    """

    support_js_module_import_aggregation = True

    # An action page has 26 addresses, of 34 µs each (bench/run.py, “Uncached page”).
    @lru_cache(maxsize=1000)  # noqa: B019  one storage, and its names do not change
    def url(self, name, force=False):
        return super().url(name, force)
