"""Posts that say what another has just said, at the same mailbox: one mail for all."""

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from supporters.acts.confirmations import ONE_QUESTION_MINUTES


def is_repeat(confirmation, and_also="true"):
    """SQL: whether an equal post came shortly before that of this question.

    `confirmation` is the column of its key, and `and_also` what else must be true of
    the question, as `mine`. Figures count such posts once. It is found by the indexes,
    however many posts there are.
    """
    return f"""EXISTS (
        SELECT FROM supporters_confirmation AS mine
        JOIN supporters_supporter AS me ON me.id = mine.supporter_id
        JOIN supporters_supporter AS alike ON alike.mailbox = me.mailbox
        JOIN supporters_confirmation AS elder ON elder.supporter_id = alike.id
        WHERE mine.id = {confirmation} AND {and_also}
            AND elder.id < mine.id AND elder.said = mine.said
            AND elder.kind = mine.kind AND elder.language = mine.language
            AND elder.campaign_id IS NOT DISTINCT FROM mine.campaign_id
            AND elder.replaced_at IS NULL
            AND elder.created_at
                > mine.created_at - interval '{ONE_QUESTION_MINUTES} minutes'
    )"""


def but_repeats(rows):
    """These rows of acts, or of what belongs to them, without those of repeats."""
    return rows.exclude(_repeat(rows))


def shown_once(rows):
    """The same, but with repeats that are confirmed, or on which somebody decides.

    So is one about which its owner was asked.
    """
    repeat = _repeat(rows, "mine.issue = 0 AND mine.used_at IS NULL")
    if not hasattr(rows.model, "held_at"):
        return rows.exclude(repeat)
    # Columns of the act come first: most rows of a long list are confirmed.
    return rows.exclude(Q(confirmed_at=None, held_at=None) & Q(repeat))


def _repeat(rows, *and_also):
    column = f"{rows.model._meta.db_table}.confirmation_id"
    return RawSQL(is_repeat(column, *and_also), [], BooleanField())
