"""Rectification: what is said to be wrong, what was decided, and what is shown beside it.

UK GDPR articles 16 and 19; New Zealand's Health Information Privacy Code 2020, rule 7.
"""
