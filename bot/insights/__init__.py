"""The numbers about the bot's work: each with its definition, its sample size and its interval.

`definitions.py` says what each number is; `board.py` makes all of them for one filter; `monthly.py` makes the report
of a month from the audit log. Nothing here opens or shows a message's text.
"""
