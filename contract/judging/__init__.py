"""Exchanges, judged: who answered, what the answer says, which claims it keeps; sends nothing.

Its registries are `CHECKS` (`checks/`), `REASONS` (`reasons.py`) and `GLOSSARY` (`glossary.py`).
"""
