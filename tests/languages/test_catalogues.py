"""Every text is translated into every language there is, and the compiled catalogues are those of the sources.

That the catalogues hold every text of the code is for `make check` (scripts/messages check), which needs gettext.
"""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory
from tests.languages import catalogues

from core import languages

FOLDER = Path(settings.APP_DIR) / "locale"
OTHER = "has other placeholders or tags than its source"
# English is in the code itself.
TRANSLATED = sorted(code for code in settings.LANGUAGE_NAMES if code != "en")


def _source(code: str) -> Path:
    return FOLDER / code / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize("code", TRANSLATED)
def test_everything_is_translated(code: str) -> None:
    problems = [
        f"“{message.source}” {message.problem}" for message in catalogues.read(_source(code)) if message.problem
    ]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_compiled_catalogue_is_that_of_the_source(code: str) -> None:
    with _source(code).with_suffix(".mo").open("rb") as file:
        compiled = dict(gettext.GNUTranslations(file)._catalog)
    compiled.pop("", None)
    assert compiled == dict(catalogues.compiled(catalogues.read(_source(code)))), "Run make messages."


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        ('msgid "Hello"\nmsgstr ""', "is not translated"),
        ('#, fuzzy\nmsgid "Hello"\nmsgstr "Hallo"', "is only a guess (fuzzy)"),
        ('msgid "%(n)s here"\nmsgstr "%(m)s hier"', OTHER),
        ('msgid "<b>Hello</b>"\nmsgstr "Hallo"', OTHER),
        ('msgid "%d day"\nmsgid_plural "%d days"\nmsgstr[0] "%d Tag"\nmsgstr[1] ""', "is not translated"),
        ('msgid "%d day"\nmsgid_plural "%d days"\nmsgstr[0] "%s Tag"\nmsgstr[1] "%d Tage"', OTHER),
        ('msgid "one more"\nmsgid_plural "%d more"\nmsgstr[0] "noch einer"\nmsgstr[1] "noch %d"', ""),
        ('msgid "20 % more"\nmsgstr "20 % mehr"', ""),
    ],
)  # fmt: skip
def test_finds_what_is_wrong_with_a_translation(tmp_path: Path, statements: str, problem: str) -> None:
    planted = tmp_path / "django.po"
    planted.write_text(statements, encoding="utf-8")
    [message] = catalogues.read(planted)
    assert message.problem == problem


NGINX = Path(settings.BASE_DIR) / "nginx" / "templates" / "languages.conf.template"


def test_nginx_keeps_pages_by_the_same_languages() -> None:
    """Otherwise those who read a further one would never get a kept page."""
    template = NGINX.read_text()
    assert f"$cookie_{settings.LANGUAGE_COOKIE_NAME} " in template
    for code in settings.LANGUAGE_NAMES:
        assert f"    {code} {code};" in template, code
        assert f'\\b" {code};' in template, code


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("en", "en"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr-CH, fr;q=0.9, de;q=0.8, en;q=0.7, *;q=0.5", "de"),
        ("DE", "de"),
        ("fr,es;q=0.5", "en"),
        ("den,eng", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_nginx_understands_browsers_as_django_does(rf: RequestFactory, header: str, language: str) -> None:
    """Browsers name the languages in order; where one does not, nginx decides, and tells Django."""
    rules = re.findall(r'"~\*(.+)" (\w+);', NGINX.read_text())
    of_nginx = next((code for rule, code in rules if re.match(rule, header, re.IGNORECASE)), settings.LANGUAGE_CODE)
    assert of_nginx == languages.asked_for(rf.get("/", headers={"Accept-Language": header})) == language
