"""Peer review: how a practice's list fares beside its peers, and what peers learnt from it."""
