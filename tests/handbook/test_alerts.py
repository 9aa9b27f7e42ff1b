"""Alerts and dashboard name metrics that exist, and every alert has its part of the chapter."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

DOCS = Path(__file__).resolve().parents[2] / "docs"
ALERTS = DOCS / "grafana" / "alerts.yml"
DASHBOARD = DOCS / "grafana" / "shop.json"
WORD = re.compile(r"\bshop_[a-z_]+\b")


def _rules() -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def _expressions() -> dict[str, str]:
    """Each by the alert or panel that it belongs to."""
    dashboard = json.loads(DASHBOARD.read_text())
    shown = {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in dashboard["panels"]
        for target in panel.get("targets", [])
    }
    notes = {note["name"]: note["expr"] for note in dashboard["annotations"]["list"]}
    return {rule["alert"]: rule["expr"] for rule in _rules()} | shown | notes


@pytest.fixture
def samples(client: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """What /metrics says of a shop in which something of everything has happened: names, and their labels."""
    from django.utils import timezone

    from hnmproject import metrics
    from tasks.models import BackupWatch, Job
    from tasks.services import presence

    presence.note(name="worker@a", role="worker", queues=["default", "bulk", "io"])
    BackupWatch.objects.create(made=timezone.now(), verified=timezone.now())
    presence.note(name="beat@a", role="beat")
    Job.objects.create(kind="a", queue="io")
    Job.objects.create(kind="a", queue="io", state=Job.State.FAILED, finished=timezone.now())
    metrics.QUERY_ERRORS.labels("home").inc(0)
    client.get("/")
    text = client.get("/metrics").content.decode()
    return {
        sample.name: set(sample.labels) for family in text_string_to_metric_families(text) for sample in family.samples
    }


def test_every_expression_is_about_metrics_and_labels_that_exist(samples: dict[str, set[str]]) -> None:
    for where, expression in _expressions().items():
        names = set(WORD.findall(expression))
        assert names or "up{" in expression, where
        assert names <= set(samples), where
        labels = set().union(*(samples[name] for name in names))
        for grouped in re.findall(r"\bby \(([^)]*)\)", expression):
            assert set(grouped.split(", ")) <= labels, where
        for matcher in re.findall(r"shop_[a-z_]+\{([a-z]+)", expression):
            assert matcher in labels, where


def test_everything_that_is_measured_is_shown(samples: dict[str, set[str]]) -> None:
    used = {name for expression in _expressions().values() for name in WORD.findall(expression)}
    # A histogram is three metrics, of which two or three are of use.
    assert {name for name in samples if name.startswith("shop_")} - used == set()


def test_brackets_of_expressions_close() -> None:
    """Prometheus itself would say so, and is not here."""
    for where, expression in _expressions().items():
        for opening, closing in ("()", "[]", "{}"):
            assert expression.count(opening) == expression.count(closing), where


@pytest.mark.parametrize("rule", _rules(), ids=lambda rule: rule["alert"])
def test_every_alert_has_its_runbook(rule: dict[str, Any]) -> None:
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert (DOCS.parent / page).is_file()
    assert anchor == rule["alert"].lower()
    assert f"### {rule['alert']}\n" in (DOCS.parent / page).read_text()
    assert rule["labels"]["severity"] in {"page", "warn"}
    assert rule["annotations"]["summary"].endswith(".")


def test_the_chapter_speaks_of_no_alert_that_is_none() -> None:
    chapter = (DOCS / "watching.md").read_text()
    runbook = chapter.partition("## A runbook for each alert")[2].partition("\n## ")[0]
    assert set(re.findall(r"^### (\S+)$", runbook, re.MULTILINE)) == {rule["alert"] for rule in _rules()}
