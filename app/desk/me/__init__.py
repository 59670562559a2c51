"""My settings: password, second factor, sessions, API tokens and language of whoever is signed in."""

import time
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from markupsafe import Markup
from werkzeug.security import check_password_hash

from app import factor, people, tokens
from app.asking import reader, sessions_of
from app.calling import called
from app.catalog import query
from app.errors import side_of
from app.messages import done, stop
from app.session import Reader
from app.words import t

log = structlog.get_logger()


class Me(BaseView):
    """One's own page. It asks for the password where something gets weaker."""

    route_base = "/me"
    default_view = "index"

    @expose("/")
    def index(self) -> Any:
        who = reader()
        if who is None:
            return _sign_in()
        return self._page(who)

    @expose("/second-factor", methods=["POST"])
    def begin(self) -> Any:
        """Show the secret of a new second factor, or the first code that confirms it."""
        who = reader()
        if who is None:
            return _sign_in()
        plain, vault = sessions_of().plain(), current_app.extensions["vault"]
        if "code" not in request.form:
            if not self._is_me(who):
                return self._page(who, refused={"password": _wrong_password(who)}), 422
            factor.begin(plain, vault, who.account_id)
            return self._page(who)
        code = request.form["code"][: people.AGENT_MAX]
        codes = factor.confirm(plain, vault, who.account_id, code, time.time())
        if codes is None:
            wrong = t(
                "番号が違います。端末の時計を確かめて、今の番号を入れます。 | "
                "This is not the code. Check the device's clock, and enter the code of now."
            )
            return self._page(who, refused={"code": wrong}), 422
        people.sessions_end_others(plain, who)
        log.info("second_factor_made", account=who.account_id)
        return self._page(who, codes=codes)

    @expose("/second-factor/codes", methods=["POST"])
    def codes(self) -> Any:
        who = reader()
        if who is None:
            return _sign_in()
        if not self._is_me(who) or not who.has_factor:
            return self._page(who, refused={"codes": _wrong_password(who)}), 422
        return self._page(
            who, codes=factor.recovery_codes_make(sessions_of().plain(), who.account_id)
        )

    @expose("/second-factor/end", methods=["POST"])
    def end(self) -> Any:
        who = reader()
        if who is None:
            return _sign_in()
        if who.needs_factor:
            said = t("あなたの役割には二段階認証が要ります。 | Your role needs a second factor.")
            return self._page(who, refused={"codes": said}), 422
        if not self._is_me(who):
            return self._page(who, refused={"codes": _wrong_password(who)}), 422
        factor.end(sessions_of().plain(), who.account_id)
        log.info("second_factor_ended", account=who.account_id)
        done(t("二段階認証を外しました。 | The second factor is off."))
        return redirect(url_for("Me.index"))

    @expose("/sessions/end", methods=["POST"])
    def end_others(self) -> Any:
        who = reader()
        if who is None:
            return _sign_in()
        people.sessions_end_others(sessions_of().plain(), who)
        done(t("ほかの入室を終えました。 | The other sessions are ended."))
        return redirect(url_for("Me.index"))

    @expose("/sessions/<int:web_session_id>/end", methods=["POST"])
    def end_one(self, web_session_id: int) -> Any:
        who = reader()
        if who is None:
            return _sign_in()
        people.session_end_own(sessions_of().plain(), who.id, web_session_id)
        done(t("その入室を終えました。 | That session is ended."))
        return redirect(url_for("Me.index"))

    @expose("/tokens", methods=["POST"])
    def token(self) -> Any:
        who = reader()
        if who is None:
            return _sign_in()
        made, kept = tokens.token_new()
        days = request.form.get("days", type=int, default=0)
        name = request.form.get("token_name", "").strip()
        refused = {}
        if not name:
            refused["token_name"] = t("必ず入れてください。 | This must be filled in.")
        if days not in tokens.DAYS:
            refused["days"] = t("期限を選びます。 | Choose how long it lives.")
        if not refused:
            _, why = called(
                "staff.api_token_make",
                token_name=name,
                token_digest=kept,
                staff_role=request.form.get("staff_role", who.staff_role),
                ends_at=tokens.ends_at(days),
            )
            if why is None:
                return self._page(who, token=made, token_name=name)
            refused[why.column or "token_name"] = why.sentence
        return self._page(who, refused=refused), 422

    @expose("/tokens/<int:api_token_id>/end", methods=["POST"])
    def token_end(self, api_token_id: int) -> Any:
        if reader() is None:
            return _sign_in()
        _, why = called("staff.api_token_end", api_token_id=api_token_id)
        said = why.sentence if why else t("トークンを取り消しました。 | The token is withdrawn.")
        (stop if why else done)(said)
        return redirect(url_for("Me.index"))

    def _is_me(self, who: Reader) -> bool:
        """Whether the password that came along is right; failures count towards the lock."""
        said, plain = request.form.get("password", "")[: people.PASSWORD_MAX], sessions_of().plain()
        user = self.appbuilder.sm.get_user_by_id(who.id)
        if people.is_locked(plain, who.login_name):
            return False
        if check_password_hash(user.password or "", said):
            return True
        people.attempt_note(plain, who.id, success=False)
        return False

    def _page(self, who: Reader, refused: dict[str, str] | None = None, **shown: Any) -> str:
        plain, vault = sessions_of().plain(), current_app.extensions["vault"]
        own = {"user_id": who.id, "account_id": who.account_id, "staff_role": who.staff_role}
        open_ = plain.execute(sa.text(query("sessions")), own).all()
        made = plain.execute(sa.text(query("tokens")), own).all()
        roles = plain.execute(sa.text(query("roles_within")), own).all()
        plain.rollback()
        has_factor = who.has_factor or "codes" in shown
        secret = None if has_factor else factor.begun(plain, vault, who.account_id)
        return self.render_template(
            "daicho/me.html",
            title=t("自分の設定 | My settings"),
            who=who,
            has_factor=has_factor,
            secret=secret,
            # Made by the library from a text of ours: letters of base32 and the login's name, encoded
            picture=Markup(factor.picture(secret, who.login_name)) if secret else "",  # noqa: S704
            codes_left=factor.recovery_codes_left(plain, who.account_id) if has_factor else 0,
            sessions=open_,
            tokens=made,
            roles=roles,
            days=tokens.DAYS,
            refused=refused or {},
            side_of=side_of,
            shown=shown,
        )


def _wrong_password(who: Reader) -> str:
    if people.is_locked(sessions_of().plain(), who.login_name):
        return t(
            "続けて違ったので、15分間は確かめられません。待ってからもう一度入れます。 | "
            "Wrong too often in a row: it is closed for 15 minutes. Wait, then enter it again."
        )
    return t("パスワードが違います。 | This is not your password.")


def _sign_in() -> Any:
    return redirect(url_for("SignIn.login", next=url_for("Me.index")))
