"""What of a campaign is said in further languages, whichever app has it.

From this, pages for translators are made, and whatever asks what a language lacks.
"""

from campaigns.models.told import TEXTS_OF


def texts_of(campaign, *languages, drafts=True):
    """What a campaign has to say in these languages, by language.

    Of each, (model, its row, the text or None). A row is what the text translates: the
    campaign, its letter, each of its updates. Drafts of texts are among them; drafts of
    rows, such as an update that readers do not have yet, only with `drafts`. Two
    statements for each model, in however many languages.
    """
    found = {language: [] for language in languages}
    for model in TEXTS_OF:
        _key, _dash, from_row = model.CAMPAIGN.partition("__")
        rows = [campaign]
        if from_row:
            rows = model.source_model().objects.filter(**{from_row: campaign})
            rows = [row for row in rows if drafts or not model.is_of_draft(row)]
        mine = model.objects.filter(
            language__in=languages, **{model.CAMPAIGN: campaign}
        )
        texts = {
            (text.language, getattr(text, f"{model.SOURCE}_id")): text for text in mine
        }
        for row in rows:
            if from_row:
                setattr(row, from_row, campaign)
            for language in languages:
                found[language].append((model, row, texts.get((language, row.pk))))
    return found
