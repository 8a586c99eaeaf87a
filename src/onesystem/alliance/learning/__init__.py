"""What the alliance learns: peer review, ideas, training; risks, leadership, readiness, trust.

Each is a small part with a door of its own; `urls` names their pages.
"""
