"""What an operation can answer, and which of it a request and the settings get."""
