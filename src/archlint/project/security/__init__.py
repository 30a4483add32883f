"""Accounts, passwords and secrets."""
