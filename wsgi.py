"""The web process: the admin, and the door for what the world sends, in one WSGI application."""

from app import create_app
from config import Settings

app = create_app(Settings.from_environment("web_database_url", "session_key"))
