"""The WSGI application: what gunicorn serves in the web role."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hnmproject.settings")
application = get_wsgi_application()
