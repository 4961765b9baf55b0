"""Writes china.csv: every day of every year that PyPI `chinesecalendar` knows.

    python -m venv v && v/bin/pip install chinesecalendar==1.11.0 && v/bin/python china.py > china.csv

One line a year: the year and one letter a day, from 1 January on:
W a working weekday, R a weekend at rest, H a public holiday, M a weekend made up for.
"""

import datetime

from chinese_calendar import is_workday
from chinese_calendar.constants import holidays, workdays


def letter(day: datetime.date) -> str:
    if day in workdays:
        assert is_workday(day)
        return "M" if day.weekday() >= 5 else "W"
    if day in holidays:
        assert not is_workday(day)
        return "H"
    return "W" if is_workday(day) else "R"


for year in range(min(holidays).year, max(holidays).year + 1):
    day, letters = datetime.date(year, 1, 1), []
    while day.year == year:
        letters.append(letter(day))
        day += datetime.timedelta(days=1)
    print(f"{year},{''.join(letters)}")
