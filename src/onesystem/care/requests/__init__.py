"""Requests: referrals, orders and questions for advice, from the sender to the answer.

states     how a request stands, and the words of sources for it
machine    which act leads where, whose it is, and what a history comes to
mapping    the same in FHIR and in the business states of BSeR, both ways
timers     by when a step is due: dated data
store      steps taken in, in whatever order they come
actions    what can be done with a request
queries    what can be asked
"""
