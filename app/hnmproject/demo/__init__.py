"""The demo content of “Hearth & Morrow”: what ``manage.py demo`` puts into an empty shop."""
