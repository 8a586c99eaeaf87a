"""Risks and assumptions that the alliance owns, each with who watches it and by what."""
