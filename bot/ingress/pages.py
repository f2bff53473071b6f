"""The few pages that are not the console's: a title, a sentence, and nothing of what came in."""

from flask import Response
from markupsafe import escape

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} - piiguard</title></head>
<body><main><h1>{title}</h1><p>{sentence}</p></main></body></html>
"""


def page(title: str, sentence: str, status: int = 200) -> Response:
    """A small page without script or style."""
    html = _PAGE.format(title=escape(title), sentence=escape(sentence))
    return Response(html, status=status, mimetype="text/html")
