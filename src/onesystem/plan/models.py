"""What the room keeps; each part of the room has its rows of its own."""

from onesystem.plan.areas import rows as areas_rows  # noqa: F401
from onesystem.plan.case import rows as case_rows  # noqa: F401
from onesystem.plan.money import rows as money_rows  # noqa: F401
from onesystem.plan.options import rows as options_rows  # noqa: F401
from onesystem.plan.portfolio import rows as portfolio_rows  # noqa: F401
from onesystem.plan.workforce import rows as workforce_rows  # noqa: F401
