"""Subscriptions of R4 over REST hooks: who is told when something changes that they may see."""
