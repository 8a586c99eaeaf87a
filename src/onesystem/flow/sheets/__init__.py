"""Tables of figures as strangers write them: the file, its cells, its dates. Pure.

The names below are the door; everything else is internal.

    rows_of         a file's bytes as a head and rows, whatever parts the cells
    figure, day     a cell as a number, as a day
    is_figure       whether a cell is a number, or says that none is known
    days_of         a column of dates, with what had to be decided about it: Days
    Turn            a number in place of a day: the fifth sample, week 12 of a study
    at              a date or a number as somebody gives it beside the file
    column_of       the column that plays a part, by its name or by what it is usually called
"""

from onesystem.flow.sheets.cells import figure, is_figure
from onesystem.flow.sheets.columns import column_of
from onesystem.flow.sheets.days import Days, at, days_of
from onesystem.flow.sheets.moments import Turn, day
from onesystem.flow.sheets.rows import rows_of

__all__ = [
    "Days",
    "Turn",
    "at",
    "column_of",
    "day",
    "days_of",
    "figure",
    "is_figure",
    "rows_of",
]
