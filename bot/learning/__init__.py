"""What reviewers learn from besides the queue: least certain flags, a recall audit, and second reviews.

`sampling.py` draws messages that were not flagged; `recall.py` takes what people say of them; `planner.py` says how
many it takes; `agreement.py` has a share of the decisions taken twice; `uncertain.py` says when to stop.
"""
