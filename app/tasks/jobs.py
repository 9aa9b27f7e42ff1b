"""The jobs of this app."""

from tasks import mail

__all__ = ["mail"]
