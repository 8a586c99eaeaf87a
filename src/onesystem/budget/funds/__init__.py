"""Funds, their fences and floors, budget lines, moving money, and the whole position on a page."""
