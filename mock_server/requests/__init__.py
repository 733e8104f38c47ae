"""What a request brings, held to what its operation asks for."""
