"""The ways in: flake8, the command line, editors. No surface imports another."""
