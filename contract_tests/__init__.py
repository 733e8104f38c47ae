"""The judging of an environment against a contract, as a pytest plugin and tests."""
