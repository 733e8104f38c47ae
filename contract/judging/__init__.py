"""Exchanges, judged: who answered, what the answer says, which claims it keeps; sends nothing."""
