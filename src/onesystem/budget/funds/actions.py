"""What can be done with funds. Each act has somebody or a job behind it, and is in the trail."""

from onesystem.budget.funds.planning import (
    Refused,
    allot,
    contribute,
    move,
    move_many,
    undo,
)
from onesystem.budget.funds.setting_up import (
    Overtaken,
    open_fund,
    open_line,
    set_fence,
    set_goal,
    tie,
)

__all__ = [
    "Overtaken",
    "Refused",
    "allot",
    "contribute",
    "move",
    "move_many",
    "open_fund",
    "open_line",
    "set_fence",
    "set_goal",
    "tie",
    "undo",
]
