"""What is done to plans of money: keep a version, take it back, close the plan."""

from onesystem.plan.money.keeping import KEPT

keep, undo, close = KEPT.keep, KEPT.undo, KEPT.close
