"""How plans of money are kept, in versions."""

from onesystem.plan.money import checks, codec
from onesystem.plan.money.rows import MoneyPlanRow, MoneyStep
from onesystem.plan.money.shape import MoneyPlan
from onesystem.plan.versions import Kept

KEPT: Kept[MoneyPlan] = Kept(
    steps_of=MoneyStep, plans_of=MoneyPlanRow, word="money", written=codec.written,
    read=codec.read, problems=checks.problems,
)  # fmt: skip
