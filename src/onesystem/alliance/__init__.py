"""The alliance room: who decides, under which promise, on what, and whether it worked.

`charter` keeps who is in it, `meeting` how they decide, `commit` how funders commit together,
`proof` what came of it, `learning` what is learnt on the way, `comparing` how others fare. The door
is lazy: importing it needs no Django.
"""

from onesystem.vocabulary.door import lazy

_DOOR = {
    "standing": "charter.queries",
    "member_of": "charter.queries",
    "work_out": "meeting.consensus",
    "decision": "meeting.queries",
    "decisions": "meeting.queries",
}

__getattr__ = lazy(__name__, _DOOR)
