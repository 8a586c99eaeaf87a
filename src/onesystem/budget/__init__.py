"""The budget room: one system, one budget, to the penny, tied to the contacts that flow sees.

The ledger keeps what moved, the funds whose it is and what it is for, costing what each contact
cost, terms and contracts who shares what, entitlement what a person pays. The door is lazy:
importing it needs no Django.
"""

from onesystem.vocabulary.door import lazy

_DOOR = {
    "post": "ledger.actions",
    "reserve": "ledger.actions",
    "draw": "ledger.actions",
    "release": "ledger.actions",
    "balance": "ledger.queries",
    "available": "ledger.queries",
    "position": "funds.queries",
    "costs": "costing.queries",
    "settle": "terms.settling",
}

__getattr__ = lazy(__name__, _DOOR)
