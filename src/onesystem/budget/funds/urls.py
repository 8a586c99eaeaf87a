"""Where the pages of funds and of the whole position are."""

from django.urls import path

from onesystem.budget.funds import act_pages, keeping_pages, month_pages, pages, shift_pages

app_name = "funds"
urlpatterns = [
    path("budget/", pages.position, name="position"),
    path("budget/lines/", pages.lines, name="lines"),
    path("budget/lines/<str:code>/", pages.line, name="line"),
    path("budget/lines/<str:code>/goal/", keeping_pages.tie, name="tie"),
    path("budget/move/", act_pages.move, name="move"),
    path("budget/moves/", act_pages.moves, name="moves"),
    path("budget/moves/<int:act>/undo/", act_pages.undo, name="undo"),
    path("budget/funds/", keeping_pages.all_funds, name="all_funds"),
    path("budget/fences/", keeping_pages.all_fences, name="all_fences"),
    path("budget/goals/", keeping_pages.all_goals, name="all_goals"),
    path("budget/months/", month_pages.months, name="months"),
    path("budget/months/<str:month>/", month_pages.month, name="month"),
    path("budget/shift/", shift_pages.shift, name="shift"),
]
