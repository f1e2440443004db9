"""What campaigners' texts were before, and what was deleted: the way back."""
