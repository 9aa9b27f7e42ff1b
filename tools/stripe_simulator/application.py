"""Which part answers which address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from .api import Api
from .control import Control
from .pages.dashboard import Dashboard
from .pages.html import page
from .pages.payment import PaymentPage
from .simulator import Simulator
from .web import Answer, Request

STYLE = (Path(__file__).parent / "pages" / "style.css").read_text(encoding="utf-8")


class Application:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._api = Api(simulator)
        control = Control(simulator)
        self._control = control
        self._payment = PaymentPage(simulator)
        self._dashboard = Dashboard(simulator, control)

    def answer(self, request: Request) -> Answer:
        self._simulator.act_on_timers()
        if request.path.startswith("/v1/"):
            return self._api.answer(request)
        if request.method == "POST" and not _is_from_here(request):
            return page("Not from here", "<p>This form was sent by a page of another site.</p>", status=403)
        if request.path.startswith("/_simulator/"):
            return self._control.answer(request)
        return self._page(request)

    def _page(self, request: Request) -> Answer:
        if request.path == "/style.css":
            return Answer(200, STYLE, "text/css; charset=utf-8")
        if request.path.startswith("/c/pay/"):
            return self._payment.answer(request)
        if request.path == "/" or request.path.startswith("/dashboard/"):
            return self._dashboard.answer(request)
        return page("Not found", '<p>Nothing is here. <a href="/">To the dashboard</a></p>', status=404)


def _is_from_here(request: Request) -> bool:
    """A browser says where a form comes from; other programs say nothing."""
    origin = request.headers.get("Origin")
    return not origin or urlsplit(origin).netloc == request.headers.get("Host")
