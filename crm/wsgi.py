"""The door for a WSGI server: `gunicorn crm.wsgi:app`, settings from the environment."""

from __future__ import annotations

from config import from_environment
from crm.app import create_app

app = create_app(from_environment())
