from django.core.mail.backends.dummy import EmailBackend as OutboxEmailBackend
from django.core.mail.backends.dummy import EmailBackend as QueuedEmailBackend

__all__ = ["OutboxEmailBackend", "QueuedEmailBackend"]
