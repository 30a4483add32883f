"""Which functions answer requests, framework by framework."""
