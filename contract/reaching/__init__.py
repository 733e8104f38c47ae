"""How an environment is reached: its address, proxy and certificates, and what may go wrong.

The contract tests call by it, and the mock server passes calls on by it. Nothing here sends
anything. It needs the HTTP library, so only who calls an environment imports it.
"""
