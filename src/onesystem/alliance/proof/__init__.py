"""At the review date: did it work, what does the settlement share, and what next."""
