"""What Slack's wire looks like, in and out: payloads to records, records to Block Kit. No database, no web server."""
