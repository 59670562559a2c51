"""The web process: the admin, and the door for what the world sends, in one WSGI application."""

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import HOSTS, create_app
from config import Settings
from sync.door import MOUNT, create_door

settings = Settings.from_environment(
    "web_database_url", "worker_database_url", "redis_url", "secret_keys", "session_key"
)
app = DispatcherMiddleware(
    create_app(settings, hosts=(*HOSTS, *settings.hosts)), {MOUNT: create_door(settings)}
)
