"""Names the plugin that a contract run consists of; no logic lives here."""

pytest_plugins = ("contract_tests.plugin",)
