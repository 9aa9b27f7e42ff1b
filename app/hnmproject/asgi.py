"""The ASGI application: what gunicorn serves in embedded mode and, later, in the live role."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hnmproject.settings")
application = get_asgi_application()
