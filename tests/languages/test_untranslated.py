"""No text that people see stands in the code without gettext."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from tests.languages import literals

APP = Path(settings.APP_DIR)

# Not words of a language, or not seen; each with its reason.
ALLOWED = {
    ("ecommerce/templates/ecommerce/order.html", "PDF"): "the name of a format",
    ("ecommerce/templates/ecommerce/product.html", "in stock,out of stock"): "for programs that read Open Graph",
    ("hnmproject/templates/home.html", "home"): "a class of the page, for its styles",
    ("hnmproject/templates/partials/footer.html", "you@example.com"): "an address, to show its form",
    ("users/templates/users/personal_data.txt", ".json"): "the ending of a file’s name",
}
ALLOWED_FILES = {
    "hnmproject/templates/allauth/elements/button.html": "writes an element from its parts, none of them a text",
    "hnmproject/templates/errors/standalone.html": "in two languages at once: nobody can be asked for theirs then",
    "tasks/schedules.py": "written into the database once, where staff may change it",
}


def _unexplained(found: list[literals.Literal]) -> list[str]:
    return [str(each) for each in found if each.path not in ALLOWED_FILES and (each.path, each.text) not in ALLOWED]


def test_templates_say_everything_through_gettext() -> None:
    found = [
        literal
        for path in literals.templates(APP)
        for literal in literals.in_template(path.read_text(), path=path.relative_to(APP).as_posix())
    ]
    assert not (unexplained := _unexplained(found)), "\n".join(unexplained)


def test_python_says_everything_through_gettext() -> None:
    found = [
        literal
        for path in literals.modules(APP)
        for literal in literals.in_python(path.read_text(), path=path.relative_to(APP).as_posix())
    ]
    assert not (unexplained := _unexplained(found)), "\n".join(unexplained)


def test_each_exception_is_still_needed() -> None:
    paths = [*literals.templates(APP), *literals.modules(APP)]
    found = {
        (literal.path, literal.text)
        for path in paths
        if (name := path.relative_to(APP).as_posix()) in {*ALLOWED_FILES, *(path for path, _text in ALLOWED)}
        for literal in (literals.in_python if path.suffix == ".py" else literals.in_template)(
            path.read_text(), path=name
        )
    }
    assert ALLOWED.keys() <= found
    assert ALLOWED_FILES.keys() <= {path for path, _text in found}


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Hello there</p>",
        "{% if user %}Hello{% endif %}",
        "<p>{{ name }} is here</p>",
        '<img src="{% static "a.png" %}" alt="A cup">',
        '<input placeholder="Search" type="search">',
        '<nav aria-label="Pages of {{ title }}"></nav>',
        '<input type="submit" value="Send">',
        '<meta name="description" content="Well made">',
        '{% include "partials/button.html" with label="Send it" %}',
        '{{ label|default:"Categories" }}',
        "{{ product.in_stock|yesno:'Sold here,Sold out' }}",
        '<a{% if here %} aria-current="page"{% endif %} title="The shop">{{ name }}</a>',
    ],
)
def test_finds_a_planted_text_in_a_template(planted: str) -> None:
    assert literals.in_template(planted, path="a.html")


@pytest.mark.parametrize(
    "harmless",
    [
        '<p class="lead big">{% translate "Hello" %}</p>',
        "{% blocktranslate %}Hello <b>there</b>{% endblocktranslate %}",
        "{% comment %}Hello there{% endcomment %}{# And here #}",
        "<script>const greeting = 'Hello there';</script>",
        "<style{% if nonce %} nonce='x'{% endif %}>p { color: red; }</style>",
        "<p>{{ name }} – 3 × {{ price }} &nbsp;</p>",
        '{% include "partials/button.html" with label=_("Send it") %}',
        '{{ day|date:"j F Y" }}',
        '<input type="hidden" value="something">',
        '<svg viewBox="0 0 1 1"><path d="M4 28Zm0 0c"/></svg>',
    ],
)
def test_leaves_alone_what_is_not_seen(harmless: str) -> None:
    assert literals.in_template(harmless, path="a.html") == []


def test_finds_a_planted_text_in_a_mail() -> None:
    planted = '{% load i18n %}{% translate "Good day," %}\n\nyour order is on its way.'
    assert [literal.line for literal in literals.in_template(planted, path="mail.txt")] == [3]


@pytest.mark.parametrize(
    "planted",
    [
        "raise ValidationError('Not so')",
        "raise forms.ValidationError({'name': 'Not so'})",
        "raise ValidationError([f'Not {so}'])",
        "messages.success(request, 'Saved it')",
        "messages.error(request, 'Not %s' % name)",
        "name = models.CharField('name', max_length=3)",
        "name = models.CharField(_('name'), help_text='Keep it short')",
        "name = forms.CharField(label='Your name')",
        "@admin.display(description='in words')\ndef words(self, thing): ...",
        "class Meta:\n    verbose_name = 'thing'",
        "words.short_description = 'in words'",
        "class State(models.TextChoices):\n    OPEN = 'open', 'open now'",
    ],
)
def test_finds_a_planted_text_in_python(planted: str) -> None:
    assert literals.in_python(planted)


@pytest.mark.parametrize(
    "harmless",
    [
        "raise ValidationError(_('Not so'))",
        "messages.success(request, text % name)",
        "log.info('saved', name=name)",
        "name = models.CharField(_('name'), max_length=3, help_text=_('Keep it short'))",
        "parser.add_argument('--dry-run', help='only look')",
        "class State(models.TextChoices):\n    OPEN = 'open', _('open')",
        "label = f'{first} – {last}'",
    ],
)
def test_leaves_alone_what_is_translated_or_for_programmers(harmless: str) -> None:
    assert literals.in_python(harmless) == []


def test_aliases_that_gettext_does_not_know_are_not_used() -> None:
    """`xgettext` finds texts by the function’s name: those in `_now(…)` would be left out of the catalogues."""
    strange = [
        f"{path.relative_to(APP)}: {alias}"
        for path in literals.modules(APP)
        for alias in literals.strange_aliases(path.read_text())
    ]
    assert strange == []
    assert literals.strange_aliases("from django.utils.translation import gettext as _now") == ["_now"]


# For programs, or the same in every language: the time of ISO 8601, a time zone's name, a time with its seconds.
PLAIN_FORMATS = {"c", "e", "H:i:s"}


def test_dates_are_written_in_formats_with_a_name() -> None:
    """“j F Y” is English: in German a full stop follows the day."""
    strange = [
        f"{path.relative_to(APP)}: {found}"
        for path in literals.templates(APP)
        for found in re.findall(r"""\|(?:date|time):["']([^"']+)["']""", path.read_text())
        if found not in PLAIN_FORMATS and not found.endswith("_FORMAT")
    ]
    assert strange == []
