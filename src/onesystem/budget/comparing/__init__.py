"""The same year under each payment form; a block taken apart; spend that was invisible."""
