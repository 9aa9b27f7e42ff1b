from .abstract import PublishableManager, PublishableModel, PublishableQuerySet, TitledModel
from .address import PostalAddress
from .blog import BlogPost, Tag
from .contact import ContactMessage
from .file_import import FileImport
from .newsletter import NewsletterSubscription
from .page import Page
from .testimonial import Testimonial

__all__ = [
    "BlogPost",
    "ContactMessage",
    "FileImport",
    "NewsletterSubscription",
    "Page",
    "PostalAddress",
    "PublishableManager",
    "PublishableModel",
    "PublishableQuerySet",
    "Tag",
    "Testimonial",
    "TitledModel",
]
