"""What campaigners' texts were before, and what was deleted; both can be restored."""
