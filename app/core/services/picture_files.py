"""What a file from elsewhere has to be so that we show it as a picture."""

from __future__ import annotations

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image

from core.services.fetching import FetchError

MOST_PIXELS = 50_000_000
EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "AVIF": ".avif"}


def extension(content: bytes) -> str:
    """The ending of its name, by what it is and not by what it is called. Raises FetchError for no picture of ours."""
    return EXTENSIONS[kind(content)]


def kind(content: bytes) -> str:
    """Which of the formats that we take it is. Read whole, for a picture cut off half-way opens all the same."""
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=list(EXTENSIONS)) as image:
            warnings.simplefilter("ignore")
            if image.width * image.height > MOST_PIXELS:
                raise FetchError(_("it has more than %(limit)s million pixels") % {"limit": MOST_PIXELS // 1_000_000})
            image.load()
            return str(image.format)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FetchError(_("it is not a picture that can be shown (JPEG, PNG, WebP, GIF or AVIF)")) from error
