from campaigns.models.address import RESERVED_SLUGS, FormerSlug, validate_slug_is_free
from campaigns.models.campaign import Campaign, first_language
from campaigns.models.milestone import Life, Milestone
from campaigns.models.old_address import OldAddress
from campaigns.models.page_views import PageViews
from campaigns.models.reading import Reading
from campaigns.models.rich_text import STORY_EXTENSIONS
from campaigns.models.role import CampaignRole
from campaigns.models.story_picture import StoryPicture
from campaigns.models.text import CampaignText
from campaigns.models.told import TextInLanguage, languages
from campaigns.models.update import Update, UpdateText
from campaigns.models.zones import timezones, validate_timezone, zone_named

__all__ = [
    "RESERVED_SLUGS",
    "STORY_EXTENSIONS",
    "Campaign",
    "CampaignRole",
    "CampaignText",
    "FormerSlug",
    "Life",
    "Milestone",
    "OldAddress",
    "PageViews",
    "Reading",
    "StoryPicture",
    "TextInLanguage",
    "Update",
    "UpdateText",
    "first_language",
    "languages",
    "timezones",
    "validate_slug_is_free",
    "validate_timezone",
    "zone_named",
]
