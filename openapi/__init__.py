"""The contract as people edit it: a spec and its interface documents. No logic lives here."""
