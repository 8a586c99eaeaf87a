"""How plans of staff are kept, in versions."""

from onesystem.plan.versions import Kept
from onesystem.plan.workforce import checks, codec
from onesystem.plan.workforce.rows import WorkforcePlanRow, WorkforceStep
from onesystem.plan.workforce.shape import Workforce

KEPT: Kept[Workforce] = Kept(
    steps_of=WorkforceStep, plans_of=WorkforcePlanRow, word="workforce", written=codec.written,
    read=codec.read, problems=checks.problems,
)  # fmt: skip
