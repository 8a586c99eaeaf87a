"""The budget room: one system, one budget, to the penny, tied to the contacts that flow sees.

The ledger keeps what moved, the funds whose it is and what it is for, costing what each contact
cost, terms and contracts who shares what, entitlement what a person pays. The door is lazy:
importing it needs no Django.
"""

from onesystem.vocabulary.door import lazy

_DOOR: dict[str, str] = {}

__getattr__ = lazy(__name__, _DOOR)
