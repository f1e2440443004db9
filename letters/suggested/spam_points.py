"""Points that a spam filter gives one message to many addresses.

SpamAssassin, which many servers use, takes many similar or sorted addresses for the
list of a spammer. A campaign that chooses one message to all reads beforehand how many
points it costs. tests/letters/test_spam_points.py compares these points with the
filter's.
"""

from itertools import combinations

# The rules SORTED_RECIPS and SUSPICIOUS_RECIPS: the number of addresses from which each
# applies, and its points when the filter uses no network.
_SORTED_FROM, _SORTED = 7, 1.8
_SIMILAR_FROM, _SIMILAR = 5, 2.5
# The share of pairs that begin alike from which addresses are similar.
_MOST_ALIKE = 0.65


def points_of(addresses):
    """The points of a message whose To: names these addresses, in this order."""
    points = 0.0
    if len(addresses) >= _SORTED_FROM and addresses == sorted(addresses):
        points += _SORTED
    if len(addresses) >= _SIMILAR_FROM and _share_alike(addresses) >= _MOST_ALIKE:
        points += _SIMILAR
    return round(points, 1)


def _share_alike(addresses):
    """The share of pairs that begin with the same two characters.

    Two different servers that do so count as well.
    """
    pairs = list(combinations(addresses, 2))
    alike = 0
    for one, other in pairs:
        hosts = [address.partition("@")[2] for address in (one, other)]
        alike += one[:2] == other[:2]
        alike += hosts[0][:2] == hosts[1][:2] and hosts[0] != hosts[1]
    return alike / len(pairs)
