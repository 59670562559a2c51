"""Bulk changes: looked at first, then done as a job, with the rights of whoever asked."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from flask import abort, jsonify, redirect, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.forms import DynamicForm
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from app.asking import data, generation, may, rights, zone
from app.catalog import Function, Relation, query
from app.desk.bulk.looking import look_at_act, look_at_change
from app.desk.chosen import ChoiceWrong, Chosen, chosen, name_of, relation_of, sent, wants_json
from app.errors import label, refusal, side_of
from app.fab import values
from app.fab.addresses import address, lookup_address
from app.fab.forms import argument_field, column_field, function_form
from app.fab.labels import Labels, options
from app.fab.screen import writable
from app.messages import done, stop
from app.screens import SCREENS
from app.words import help_of, label_of, language, t

Form = MultiDict[str, str]
COLUMNS_MAX = 50


class Bulk(BaseView):
    """POST `/bulk/<schema>/<table>/preview` and `/run`: rows by `condition` or `rowid`, `column` and `value` or `action`."""

    route_base = "/bulk"

    @expose("/<schema>/<table>/preview", methods=["POST"])
    def preview(self, schema: str, table: str) -> Any:
        return self._dealt(schema, table, is_run=False)

    @expose("/<schema>/<table>/run", methods=["POST"])
    def run(self, schema: str, table: str) -> Any:
        return self._dealt(schema, table, is_run=True)

    def _dealt(self, schema: str, table: str, *, is_run: bool) -> Any:
        relation = relation_of(schema, table)
        form = sent()
        try:
            rows = _rows(relation, form)
            work = _acting if form.get("action") else _changing
            return work(self, rows, form, is_run)
        except ChoiceWrong as error:
            data().rollback()
            return _refused(relation, str(error), 422)
        except DBAPIError as error:
            data().rollback()
            why = refusal(error, generation().catalog, relation)
            return _refused(relation, why.sentence, why.status)

    def page(self, rows: Chosen, form: Form, status: int = 200, **more: Any) -> Any:
        """One of the steps: choose a column, give its value or arguments, look at it."""
        kept = [
            (name, value)
            for name in ("condition", "all", "rowid", "action", "column", "value")
            for value in form.getlist(name)
            if name not in more.get("asked_for", ())
        ]
        page = self.render_template(
            "daicho/bulk.html",
            title=t("一括変更 | Bulk change"),
            relation=rows.relation,
            relation_label=name_of(rows.relation),
            list_url=address(rows.relation, "list"),
            preview_url=url_for(
                "Bulk.preview", schema=rows.relation.schema, table=rows.relation.name
            ),
            run_url=url_for("Bulk.run", schema=rows.relation.schema, table=rows.relation.name),
            kept=[*kept, *more.pop("also", ())],
            label=label,
            help=lambda column: help_of(column.comment, language()),
            lookup_url=lookup_address,
            value_label=lambda column, value: side_of(
                SCREENS.value_label(column.name, value) or str(value)
            ),
            **more,
        )
        return page, status


def _rows(relation: Relation, form: Form) -> Chosen:
    if not relation.is_table:
        raise ChoiceWrong(
            t(
                "この一覧の行はまとめて変えられません。 | Rows of this list cannot be changed together."
            )
        )
    by_condition = form.get("all") or ("all" not in form and form.get("condition"))
    if not by_condition and not form.getlist("rowid"):
        raise ChoiceWrong(t("行を選んでください。 | Choose rows first."))
    return chosen(relation, form)


def _changing(view: Bulk, rows: Chosen, form: Form, is_run: bool) -> Any:  # noqa: FBT001 - one of two steps
    held = rights()
    granted = held.update.get(rows.relation.full, frozenset()) if held else frozenset()
    open_columns = writable(rows.relation, granted)
    if not open_columns:
        abort(403)
    names, texts = form.getlist("column"), form.getlist("value")
    if any(name not in open_columns for name in names) or len(set(names)) != len(names):
        raise ChoiceWrong(t("変えられない列です。 | This column cannot be changed."))
    if len(names) > COLUMNS_MAX or (texts and len(texts) != len(names)):
        raise ChoiceWrong(t("列と値の数が合いません。 | Columns and values do not go together."))
    columns = rows.relation.columns
    if not names:
        return view.page(rows, form, stage="column", columns=[columns[n] for n in open_columns])
    if not texts:
        return _value_page(view, rows, form, "")
    try:
        given = _given(rows.relation, names, texts)
    except values.NotAValue as error:
        if is_run or wants_json() or len(names) > 1:
            raise ChoiceWrong(str(error)) from None
        return _value_page(view, rows, form, str(error))
    if is_run:
        arguments = {**rows.arguments, "values": given}
        said = [label_of(columns[name].comment, name, "ja") for name in names]
        english = [label_of(columns[name].comment, name, "en") for name in names]
        return _asked(
            rows,
            "change_rows",
            f"{name_of(rows.relation, 'ja')}の一括変更（{'、'.join(said)[:200]}） | "
            f"Bulk change of {name_of(rows.relation, 'en')} ({', '.join(english)[:200]})",
            arguments,
        )
    looked = look_at_change(rows, given)
    if wants_json():
        return jsonify(**asdict(looked))
    return view.page(
        rows, form, stage="preview", looked=looked, columns=[columns[n] for n in names]
    )


def _given(relation: Relation, names: Sequence[str], texts: Sequence[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, text in zip(names, texts, strict=True):
        column = relation.columns[name]
        value = values.from_text(column, text, zone())
        if value is None and not column.nullable:
            if column.kind not in ("text", "array"):
                raise values.NotAValue(t("必ず入れてください。 | This must be filled in."))
            value = "" if column.kind == "text" else []
        given[name] = values.to_json(value)
    return given


def _value_page(view: Bulk, rows: Chosen, form: Form, problem: str) -> Any:
    name = form.getlist("column")[0]
    relation, column = rows.relation, rows.relation.columns[name]
    filled: Any = type("ValueForm", (DynamicForm,), {"value": column_field(relation, column)})
    made = filled(formdata=form if form.get("value") is not None else None)
    field = made._fields["value"]
    field.errors = (problem,) if problem else ()
    found = options(relation, [name] if name in relation.references else [])
    labels = Labels()
    labels.learn([(relation, name, [field.data])] if name in relation.references else [])
    return view.page(
        rows,
        form,
        422 if problem else 200,
        stage="value",
        asked_for=("value",),
        fields=[field],
        likes={"value": column},
        choices={"value": found[name]} if name in found else {},
        label_of_value=lambda _name, value: labels.of(relation, name, value),
    )


def _acting(view: Bulk, rows: Chosen, form: Form, is_run: bool) -> Any:  # noqa: FBT001 - one of two steps
    relation = rows.relation
    function = generation().catalog.functions.get(form["action"])
    if function is None or function.full not in SCREENS.of(relation).actions:
        raise ChoiceWrong(t("この一覧にない操作です。 | This list has no such action."))
    if not may("execute", function.full):
        abort(403)
    likes = {
        one.name: SCREENS.like(generation().catalog, one.name, function.schema)
        for one in function.arguments[1:]
    }
    filled: Any = function_form(
        {
            one.name: argument_field(one, likes[one.name], SCREENS.parameters.get(one.name))
            for one in function.arguments[1:]
        }
    )(formdata=form)
    fields = list(filled._fields.values())
    fields = [field for field in fields if field.name in likes]
    is_given = is_run or not fields or form.get("confirm") or any(one in form for one in likes)
    if not is_given or not filled.validate():
        return _arguments_page(view, rows, form, function, fields, is_refused=bool(is_given))
    arguments = {
        one.name: values.to_json(filled._fields[one.name].data)
        for one in function.arguments[1:]
        if not (one.has_default and filled._fields[one.name].data is None)
    }
    if is_run:
        said = label_of(function.comment, function.name, "ja")
        english = label_of(function.comment, function.name, "en")
        return _asked(
            rows,
            "act_on_rows",
            f"{name_of(relation, 'ja')}: {said} | {name_of(relation, 'en')}: {english}",
            {**rows.arguments, "function": function.full, "arguments": arguments},
        )
    looked = look_at_act(rows, function.full, arguments)
    if wants_json():
        return jsonify(**asdict(looked))
    also = [(name, form.get(name, "")) for name in likes]
    named = label_of(function.comment, function.name, language())
    return view.page(rows, form, stage="preview", looked=looked, columns=[], also=also, named=named)


def _arguments_page(
    view: Bulk,
    rows: Chosen,
    form: Form,
    function: Function,
    fields: Sequence[Any],
    *,
    is_refused: bool,
) -> Any:
    if is_refused and wants_json():
        raise ChoiceWrong(" ".join(error for field in fields for error in field.errors))
    likes = {
        field.name: SCREENS.like(generation().catalog, field.name, function.schema)
        for field in fields
    }
    choices: dict[str, list[tuple[str, str]]] = {}
    for field in fields:
        if not is_refused:
            field.errors = ()
        like = likes[field.name]
        if like and like[1].name in like[0].references:
            found = options(like[0], [like[1].name])
            if like[1].name in found:
                choices[field.name] = found[like[1].name]
    return view.page(
        rows,
        form,
        422 if is_refused else 200,
        stage="value",
        fields=fields,
        likes={name: like[1] if like else None for name, like in likes.items()},
        choices=choices,
        label_of_value=lambda _name, _value: None,
        also=[("confirm", "1")],
        named=label_of(function.comment, function.name, language()),
    )


def _asked(rows: Chosen, job: str, said: str, arguments: dict[str, Any]) -> Any:
    session = data()
    session.execute(
        sa.text(query("matching_check")),
        {
            "relation": rows.relation.full,
            "condition": None if rows.condition is None else json.dumps(rows.condition),
            "keys": None,
        },
    )
    number = session.execute(
        sa.text(query("work_ask")),
        {"job": job, "label": said, "arguments": json.dumps(arguments)},
    ).scalar_one()
    session.commit()
    link = url_for("Jobs.show", number=number)
    if wants_json():
        return jsonify(number=number, link=link)
    done(
        t(
            "始めました。進みはここで見られ、終わると元に戻せます。 | It has begun: see here how far it is; it can be undone afterwards."
        )
        if job == "change_rows"
        else t("始めました。進みはここで見られます。 | It has begun: see here how far it is.")
    )
    return redirect(link)


def _refused(relation: Relation, sentence: str, status: int) -> Any:
    if wants_json():
        return jsonify(message=sentence), status
    if status == 403:
        abort(403, description=sentence)
    stop(sentence)
    return redirect(address(relation, "list"))
