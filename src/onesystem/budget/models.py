"""What the room keeps; each part of the room has its rows of its own."""

from onesystem.budget.comparing import rows as comparing_rows  # noqa: F401
from onesystem.budget.contracts import rows as contracts_rows  # noqa: F401
from onesystem.budget.entitlement import rows as entitlement_rows  # noqa: F401
from onesystem.budget.funds import rows as funds_rows  # noqa: F401
from onesystem.budget.ledger import rows as ledger_rows  # noqa: F401
from onesystem.budget.personal import rows as personal_rows  # noqa: F401
from onesystem.budget.policy import rows as policy_rows  # noqa: F401
from onesystem.budget.pooled import rows as pooled_rows  # noqa: F401
from onesystem.budget.specialty import rows as specialty_rows  # noqa: F401
