"""How many seconds there are in what."""

DAY = 86_400
HOUR = 3_600
MINUTE = 60
