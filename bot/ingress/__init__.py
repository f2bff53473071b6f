"""The doors: what Slack sends is checked, put on disk, and only then acknowledged."""
