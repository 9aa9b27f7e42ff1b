from __future__ import annotations

import pytest


def test_live_answers_without_a_database(client):
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_everything_answers(client):
    response = client.get("/health/ready")
    assert response.status_code == 200, response.content
    assert set(response.json()["checks"].values()) == {"ok"}


@pytest.mark.django_db
def test_not_ready_when_redis_is_away(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["redis"] == "failed"
    assert response.json()["checks"]["database"] == "ok"
