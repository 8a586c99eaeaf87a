"""Answers that take a while: a question is asked on a page, worked on apart, kept and shown.

register    say which function answers a kind of question
ask         the answer where there is one; else the question joins those that wait
find        a question by its digest, as it stands
kept        the same by what was asked, however old; never asks
keep        an answer that came with another one
cancel      stop working on it
waits       whether there is anything to work on
work        answer one question that waits (the job of the answers calls it)

A page stays quick however large the log is, and whoever asked may go on or stop.
"""

from onesystem.flow.answers.asking import Answer, ask, cancel, find, keep, kept
from onesystem.flow.answers.working import Cancelled, Progress, register, unhurried, waits, work

__all__ = [
    "Answer",
    "Cancelled",
    "Progress",
    "ask",
    "cancel",
    "find",
    "keep",
    "kept",
    "register",
    "unhurried",
    "waits",
    "work",
]
