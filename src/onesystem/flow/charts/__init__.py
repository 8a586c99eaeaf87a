"""Charts drawn by the server: no script, sharp on paper, told in words beside.

svg.large(chart, title=...)   a chart with its axes
svg.small(chart, title=...)   a chart of a grid
svg.icon(words.VARIATIONS[chart.variation])
words.headline(chart, unit)   the answer in one line
"""
