"""Tasks and visits: what is to be done for whom, by which team, when; and what came of it.

actions.plan, start, finish, done, missed, reassign, change, cancel, reopen, end_all
queries.tasks_for, of_person, one
"""
