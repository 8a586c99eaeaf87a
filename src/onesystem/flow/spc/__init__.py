"""Signal from noise: statistical process control by the rules of NHS Making Data Count. Pure.

The names below are the door; everything else is internal.

    Series, Asked, draw         a series, what is asked for, and the chart of it
    Chart, Point, ChartKind     what comes of it
    Cause, Kind, Improve        why a point is marked, and whether that is good
    Variation, Assurance        the two icons
    usual                       the chart that fits a series
    funnel                      many places at one time
    many                        `many.charts`: hundreds of XmR charts in arrays
"""

from onesystem.flow.spc.assurance import Assurance, Improve, Kind, Variation
from onesystem.flow.spc.chart import COUNTED, Asked, Chart, ChartKind, Point, draw, usual
from onesystem.flow.spc.funnel import Funnel, funnel
from onesystem.flow.spc.rules import Cause
from onesystem.flow.spc.series import Series

__all__ = [
    "COUNTED",
    "Asked",
    "Assurance",
    "Cause",
    "Chart",
    "ChartKind",
    "Funnel",
    "Improve",
    "Kind",
    "Point",
    "Series",
    "Variation",
    "draw",
    "funnel",
    "usual",
]
