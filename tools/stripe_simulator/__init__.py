"""Stripe on this machine, for development and tests: see README.md."""
