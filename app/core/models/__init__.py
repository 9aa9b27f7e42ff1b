from .abstract import PublishableManager, PublishableModel, PublishableQuerySet, TitledModel
from .address import PostalAddress
from .blog import BlogPost, Tag
from .contact import ContactMessage
from .file_import import FileImport
from .newsletter import Newsletter, NewsletterSubscription
from .page import Page
from .testimonial import Testimonial
from .wordpress import ImportedFile, WordPressImport, WordPressItem

__all__ = [
    "BlogPost",
    "ContactMessage",
    "FileImport",
    "ImportedFile",
    "Newsletter",
    "NewsletterSubscription",
    "Page",
    "PostalAddress",
    "PublishableManager",
    "PublishableModel",
    "PublishableQuerySet",
    "Tag",
    "Testimonial",
    "TitledModel",
    "WordPressImport",
    "WordPressItem",
]
