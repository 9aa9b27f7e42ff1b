"""The ASGI application: what the live role serves, and embedded mode's only web process."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hnmproject.settings")
pages = get_asgi_application()

# Only now: what follows needs Django to be set up.
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import WebsocketDenier  # noqa: E402
from django.urls import re_path  # noqa: E402

from hnmproject.sockets import SameOriginOnly, with_user  # noqa: E402
from tasks.sockets import websocket_urlpatterns  # noqa: E402

# The router raises where an address leads nowhere, and whatever asks would fill the log with errors.
nowhere = re_path("", WebsocketDenier.as_asgi())
sockets = SameOriginOnly(with_user(URLRouter([*websocket_urlpatterns, nowhere])))
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
