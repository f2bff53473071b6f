"""The API: ``/api/v1`` and Presidio's REST paths, for programs with a token. ``api_doors`` makes it.

A folder of operations: each says its path, its scope and its shapes once (``Operation``). The same declarations check
what comes in, write what goes out and make the OpenAPI document. Only doors.py knows Flask.
"""

from bot.api.doors import api_doors
from bot.api.limits import Limits

__all__ = ["Limits", "api_doors"]
