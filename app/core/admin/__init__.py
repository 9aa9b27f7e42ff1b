"""The admin of the blog, the pages and what visitors write to us."""

from . import blog, contact, newsletter, newsletter_issue, pages, wordpress

__all__ = ["blog", "contact", "newsletter", "newsletter_issue", "pages", "wordpress"]
