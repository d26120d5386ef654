"""How long things are kept and wait, in seconds; a month is the mean one of the calendar."""

HOUR, DAY = 3600, 86_400
MONTH = 30.44 * DAY
YEAR = 12 * MONTH
