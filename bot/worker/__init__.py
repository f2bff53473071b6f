"""The work behind the acknowledgement: reading messages, sending cards, cron, clicks, looking back."""
