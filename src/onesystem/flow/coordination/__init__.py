"""Coordination: people whose care is un-coordinated, places, and the virtuous cycle.

definitions   what each flag means, from when to when, with its source and its weight
indices       how split up somebody's care is, in the published ways
scoring       flags into a score, line by line
finding       the people behind each flag, from the contact log and the record
working       all of it worked out and kept, apart from pages
queries       the worklist as one asker may see it; counts for everybody else
actions       what is done about a person on the list: taken, noted, put aside, done, undone
places, cycle what kept measures say of each place, and of access, care at home and hospital
"""
