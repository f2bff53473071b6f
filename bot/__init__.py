"""The office: Slack in; flags, reviews and corrections out."""
