"""REST: the generated resources, actions that call functions, their description."""

from collections.abc import Mapping

from flask import Flask

from app.api.calls import calls_blueprint
from app.api.finding import finding_blueprint
from app.api.refused import Refused, refused_answer
from app.api.resource import TableApi, table_api
from app.api.served import openapi_blueprint
from app.fab.routes import relation_blueprint


def register(app: Flask, kinds: Mapping[str, str]) -> None:
    """Serve every relation and granted function of the catalogue, and the search over everything.

    `kinds` says in which table each kind of row is that `access.find` finds.
    """
    app.register_error_handler(Refused, refused_answer)
    app.register_blueprint(relation_blueprint("resources", "/api/v1", "api", TableApi, table_api))
    app.register_blueprint(calls_blueprint())
    app.register_blueprint(finding_blueprint(kinds))
    app.register_blueprint(openapi_blueprint())
