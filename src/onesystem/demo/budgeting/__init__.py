"""What the demo's finance people did in the budget room: funds, budgets, contracts, a settled year.

Each part of the budget room has a module here of its own name, with `fund(say)`, which does what
its users would have done, through the same acts. The order matters: contracts need funds.
"""

PARTS = (
    "funds", "costing", "specialty", "contracts", "comparing", "pooled",
    "entitlement", "personal", "policy", "closing",
)  # fmt: skip
