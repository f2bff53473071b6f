"""Who may open which route of the console: the design's table of roles, route by route.

A new route needs a row here, written from the design and not from its decorator.
"""

from bot.console.roles import ALL_ROLES

EVERYBODY = frozenset(ALL_ROLES)
ADMIN = frozenset({"admin"})
OFFICER = frozenset({"compliance"})
DECIDERS = frozenset({"reviewer", "compliance"})
EXPORTERS = frozenset({"compliance", "ml"})
EVIDENCE = frozenset({"compliance", "auditor"})
ALLOWERS = frozenset({"compliance", "admin"})
PROMOTERS = frozenset({"ml", "admin"})
OPERATORS = frozenset({"compliance", "ml", "admin", "auditor"})

#: Doors with a proof of their own: Slack's signature, a token, or nothing to hide.
OTHER_DOORS = (
    "/slack/", "/health", "/ready", "/metrics", "/static/", "/bootstrap/", "/api/", "/analyze", "/supportedentities",
    "/recognizers",
)  # fmt: skip
PUBLIC = frozenset(
    {
        "GET /login",
        "POST /login",
        "GET /login/<code>",
        "GET /login/<any(slack, oidc):key>",
        "GET /login/<any(slack, oidc):key>/back",
        "POST /logout",
        "POST /demo/switch",
    }
)
_TABLE = (
    (
        EVERYBODY,
        """
        GET /
        GET /flags
        GET /flags/<int:number>
        GET /flags/<int:number>/earlier
        GET /flags/<int:number>/peek
        GET /flags/<int:number>/slack
        GET /flags/filter
        GET /flags/live
        POST /flags/views
        POST /flags/views/<view_id>/delete
        GET /insights
        GET /insights/<key>.csv
        GET /learning
        GET /learning/recall
        GET /login/again
        POST /login/again
        GET /me
        POST /me/password
        POST /me/preferences
        POST /me/sessions/end
        GET /models
        GET /models/<name>
        GET /policies
        POST /policies/check
        GET /policies/policy.yaml
        GET /policies/versions
        GET /policies/versions/<int:number>
        GET /policies/yaml
        GET /scan
        POST /scan
        GET /scan/<job_id>
        POST /scan/<job_id>/cancel
        GET /scan/<job_id>/report.<kind>
        POST /scan/export
        GET /values
        GET /values/<int:number>
        GET /values/of/<int:number>
        """,
    ),
    (
        DECIDERS,
        """
        POST /flags/<int:number>/assign
        POST /flags/<int:number>/decide
        POST /flags/<int:number>/notify
        POST /flags/<int:number>/reason
        GET /flags/<int:number>/reveal
        POST /flags/<int:number>/reveal
        POST /flags/<int:number>/snooze
        POST /flags/<int:number>/take-mine
        POST /flags/<int:number>/together
        POST /flags/bulk
        POST /flags/bulk/undo
        GET /learning/conflicts/<second_id>
        POST /learning/conflicts/<second_id>
        GET /learning/recall/<sample_id>
        POST /learning/recall/<sample_id>
        POST /learning/recall/next
        GET /learning/second
        GET /learning/second/<second_id>
        POST /learning/second/<second_id>
        POST /learning/second/<second_id>/reveal
        POST /review-session/end
        """,
    ),
    (
        DECIDERS | ADMIN,
        """
        POST /flags/<int:number>/note
        POST /flags/<int:number>/undo
        """,
    ),
    (
        OFFICER,
        """
        POST /reports/<month>/freeze
        POST /reports/cases/<int:number>/aware
        POST /reports/cases/<int:number>/stop
        """,
    ),
    (
        EVIDENCE,
        """
        GET /audit
        GET /audit.<kind>
        POST /audit/verify
        GET /reports
        GET /reports/<month>
        GET /reports/<month>/evidence.zip
        GET /reports/<month>/report.csv
        GET /reports/<month>/report.json
        """,
    ),
    (
        EXPORTERS,
        """
        POST /exports
        GET /exports/<job_id>/file
        GET /exports/new
        POST /flags/export
        POST /models/<name>/try
        """,
    ),
    (
        EXPORTERS | {"auditor"},
        """
        GET /exports
        """,
    ),
    (
        ALLOWERS,
        """
        POST /flags/<int:number>/delete
        POST /values/<int:number>/allow
        POST /values/<int:number>/allow/<entry_id>/end
        """,
    ),
    (
        OPERATORS,
        """
        GET /system
        """,
    ),
    (
        PROMOTERS,
        """
        POST /models/<name>/promote
        POST /models/roll-back
        """,
    ),
    (
        ADMIN,
        """
        GET /people
        POST /people
        GET /people/<person_id>
        POST /people/<person_id>
        POST /people/<person_id>/end
        POST /people/<person_id>/link
        GET /people/tokens
        POST /people/tokens
        POST /people/tokens/<token_id>/revoke
        POST /policies/save
        GET /system/backfill
        POST /system/backfill
        POST /system/retry
        """,
    ),
)
ROLES: dict[str, frozenset[str]] = {
    " ".join(line.split(maxsplit=1)): frozenset(roles)
    for roles, lines in _TABLE
    for line in lines.strip().splitlines()
}
