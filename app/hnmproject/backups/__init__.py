"""Backups: what they are made of, how they are made, read, compared and kept. docs/backups.md explains it to operators.

Nothing here talks to MySQL. The dump comes in and goes out as a stream (scripts/server/lib/backups.sh pipes it from and
to the database's own container), so a backup can be read where there is no database.
"""
