"""Messages from the contact page."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from core.models import ContactMessage
from core.services import mails


@transaction.atomic
def receive(*, name: str, email: str, subject: str, message: str) -> ContactMessage:
    """Keep the message and mail it to the support address, where Reply answers the visitor: both happen or neither."""
    received = ContactMessage.objects.create(
        name=mails.one_line(name), email=email, subject=mails.one_line(subject), message=message
    )
    mails.send(
        template="core/mail/contact_received",
        to=settings.SUPPORT_EMAIL,
        reply_to=[email],
        context={"received": received},
        language="",
    )
    return received
