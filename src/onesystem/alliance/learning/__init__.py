"""Peer review, ideas and training, risks and assumptions, leadership, readiness, trust."""
