"""The home page: what waits, and whether everything runs."""

from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder import IndexView, expose

from app.asking import reader
from app.words import t


class Home(IndexView):
    """Counts from the report views that the reader may read, each a link to its list."""

    index_template = "daicho/home.html"

    @expose("/")
    def index(self) -> Any:
        if reader() is None:
            return redirect(url_for("SignIn.login", next=request.path))
        return self.render_template(self.index_template, title=t("ホーム | Home"), panels=[])
