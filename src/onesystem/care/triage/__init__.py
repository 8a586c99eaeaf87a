"""Triage and scores: decision tables held as dated data, and the screen of ambulance crews.

A table is shipped only where its content is free to use, and scores are off until the district
switches them on; licensed content is loaded by the district. A missing value gives no score.
"""
