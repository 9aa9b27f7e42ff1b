"""The frame that the simulator's pages share."""

from __future__ import annotations

from html import escape

from ..web import Answer

__all__ = ["button", "escape", "page"]


def page(title: str, content: str, *, status: int = 200, lede: str = "", is_wide: bool = False) -> Answer:
    width = ' class="wide"' if is_wide else ""
    return Answer(
        status,
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{escape(title)} · Stripe simulator</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<p class="banner"><strong>Stripe simulator</strong> for development and tests: no money moves.</p>
<main{width}>
<h1>{escape(title)}</h1>
{f"<p>{escape(lede)}</p>" if lede else ""}
{content}
</main>
</body>
</html>
""",
    )


def button(action: str, label: str) -> str:
    """A form that is one button."""
    return f'<form method="post" action="{escape(action)}"><button class="quiet">{escape(label)}</button></form>'
