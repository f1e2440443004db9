"""What web processes share is loaded before they begin."""

from django.template import engines

from pages.preloading import preload


def test_templates_are_loaded_without_a_database():
    """A test without the mark for it may ask no database."""
    [loader] = engines["django"].engine.template_loaders
    loader.reset()

    preload()

    loaded = set(loader.get_template_cache)
    assert {"base.html", "campaigns/campaign.html", "petitions/sign.html"} <= loaded
