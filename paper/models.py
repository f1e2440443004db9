"""The models of this app, where Django looks for them."""

from paper.batches import CannotCount, PaperBatch
from paper.lines import Match, NotBeingEntered, PaperLine
from paper.scans import PaperScan
