"""Anybody's idea gets an answer: who supports it, what one may do, and small money."""
