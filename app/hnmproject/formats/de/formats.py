"""Where German differs from what Django has for it: moments that fit a column, with a comma between day and time."""

DATETIME_FORMAT = "j. M Y, H:i"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
TIME_FORMAT = "H:i"
