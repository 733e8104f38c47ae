"""The judging of exchanges: who answered, what the answer says, which claims hold.

Nothing here sends anything.

Its registries are `CHECKS` (`checks/`), `REASONS` (`reasons.py`) and `GLOSSARY` (`glossary.py`).
"""
