"""The state that several processes share in a Redis; loaded only where one is asked for.

`redis_state.py` is the store: each of its calls is a script of `redis_scripts.py`, which
`redis_batches.py` carries and `redis_values.py` writes and reads. `redis_link.py` says whether
Redis is there, `instance_lease.py` which of several servers this is, and `recently_given.py` what a
Redis that was gone is told.
"""
