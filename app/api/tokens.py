"""Tokens by login name and password, as Flask-AppBuilder gives them, refused in the caller's language."""

from typing import Any

from flask import Response
from flask_appbuilder.security import api

from app.words import t


class SecurityApi(api.SecurityApi):
    """`/api/v1/security/login` and `/refresh`."""

    def response_400(self, **_: Any) -> Response:
        said = (
            'JSONの {"username": …, "password": …, "provider": "db"} を送ってください。 | '
            'Send the JSON object {"username": …, "password": …, "provider": "db"}.'
        )
        return self.response(400, message=t(said))

    def response_401(self, **_: Any) -> Response:
        said = (
            "入れませんでした。ログイン名とパスワードを確かめてください。 | "
            "Not signed in. Check login name and password."
        )
        return self.response(401, message=t(said))

    def response_500(self, **_: Any) -> Response:
        said = "思いがけない不具合です。もう一度ためしてください。 | Something unexpected happened. Try again."
        return self.response(500, message=t(said))
