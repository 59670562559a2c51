"""Adding, changing and deleting a row by a form: nothing that was typed is lost."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask import abort, redirect, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from app.asking import change_no, data, generation, zone
from app.catalog import Relation
from app.errors import GONE, Refusal, refusal
from app.fab import lines, values
from app.fab.interface import Interface
from app.fab.labels import Labels, options, title
from app.fab.screen import Screen, Screens
from app.fab.seen import seen_mark
from app.messages import done, stop
from app.words import t

Answer = str | Response | tuple[str, int]
WAS_MAX = 1_000_000


class FormView(Protocol):
    """What a form needs of its screen."""

    relation: Relation
    screens: Screens
    screen: Screen
    datamodel: Interface
    add_columns: Sequence[str]
    edit_columns: Sequence[str]
    add_form: Any
    edit_form: Any

    def render_template(self, template: str, **kwargs: Any) -> str: ...
    def words(self) -> Mapping[str, object]: ...
    def link(self, method: str, **values_: Any) -> str: ...


def add(view: FormView) -> Answer:
    """The form of a new row; saving it leads to the row."""
    if not view.add_columns:
        abort(403)
    form, related = view.add_form(), lines.lines_of(view.screen.lines, None)
    if request.method == "GET":
        for name, text in request.args.items():
            if name in form._fields and name != "csrf_token":
                form._fields[name].process_formdata([text])
    problem = None
    if request.method == "POST" and _valid(form, related):
        item = view.datamodel.obj()
        _populate(view, form, item, adding=True)
        data().add(item)
        problem, undo = _save(view, item, form, related)
        if problem is None:
            done(t("登録しました。 | Added."), undo)
            key = view.datamodel.key_text(item) if view.datamodel.key else None
            return redirect(view.link("show", pk=key) if key else view.link("list"))
    return _page(view, form, problem, related)


def edit(view: FormView, pk: str) -> Answer:
    """The form of a row. When somebody else changed it meanwhile, their changes are told at the fields."""
    if not view.edit_columns:
        abort(403)
    saving = request.method == "POST"
    item = view.datamodel.get_locked(pk) if saving else view.datamodel.get(pk)
    if item is None:
        abort(404, description=t(GONE))
    form, mark = view.edit_form(obj=item), seen_mark(item, view.edit_columns)
    related = lines.lines_of(view.screen.lines, item)
    problem = None
    if saving and request.form.get("_seen") != mark and _is_other(view, item):
        problem = _conflict(view, form, item)
    elif saving and _valid(form, related):
        changed = _populate(view, form, item, adding=False)
        problem, undo = _save(view, item, form, related)
        if problem is None:
            # Personal data keeps no former value, so there is nothing to go back to
            lost = changed and all(view.relation.columns[name].personal for name in changed)
            done(t("保存しました。 | Saved."), None if lost else undo)
            return redirect(view.link("show", pk=pk))
    return _page(view, form, problem, related, item=item, pk=pk, mark=mark)


def delete(view: FormView, pk: str) -> Answer:
    """Delete a row; the message offers to take that back."""
    item = view.datamodel.get_locked(pk)
    if item is None:
        abort(404, description=t(GONE))
    try:
        data().delete(item)
        data().flush()
        undo = change_no()
        data().commit()
    except (DBAPIError, StaleDataError) as error:
        data().rollback()
        stop(refusal(error, generation().catalog, view.relation).sentence)
        return redirect(view.link("show", pk=pk))
    done(t("削除しました。 | Deleted."), undo)
    return redirect(view.link("list"))


def _valid(form: Any, related: Sequence[lines.Lines]) -> bool:
    good = form.validate()
    return lines.valid(related) and good


def _is_other(view: FormView, item: Any) -> bool:
    """Whether the row differs from what the form showed; an own column that came or went is no difference."""
    was = shown_before()
    return not was or any(
        was[name] != values.to_text(getattr(item, name), zone())
        if name in was
        else not name.startswith("x_")
        for name in view.edit_columns
    )


def _conflict(view: FormView, form: Any, item: Any) -> Refusal:
    """Tell at each field what it became meanwhile; what this reader typed stays, the rest is taken over."""
    form.validate()
    was = shown_before()
    told = 0
    for name, field in _fields(view, form):
        now = values.to_text(getattr(item, name), zone())
        before, typed = was.get(name), field.text
        if before is None or before == now:
            continue
        told += 1
        if typed.replace("\r\n", "\n") in (before, now):
            field.process_data(getattr(item, name))
            field.errors = ()
            field.note = t(
                "ほかの人が「{before}」から変えました。 | Somebody else changed this from “{before}”.",
                before=before[:80],
            )
        else:
            field.note = t(
                "ほかの人が「{now}」に変えました。入力したものを残しています。 | "
                "Somebody else changed this to “{now}”. What you typed is kept.",
                now=now[:80],
            )
    sentence = t(
        "開いているあいだに、ほかの人がこの行を変えました。印のある{n}か所を見て、もう一度保存してください。入力は残っています。 | "
        "Somebody else changed this row meanwhile. Look at the {n} marked fields and save again; "
        "what you typed is kept.",
        n=told,
    )
    return Refusal(message=sentence, status=409)


def shown_before() -> Mapping[str, str]:
    """What the form showed when it was opened."""
    text = request.form.get("_was", "")
    try:
        found = json.loads(text) if len(text) <= WAS_MAX else None
    except (ValueError, RecursionError):
        found = None
    said = found if isinstance(found, dict) else {}
    return {name: value for name, value in said.items() if isinstance(value, str)}


def _fields(view: FormView, form: Any) -> list[tuple[str, Any]]:
    return [(name, field) for name, field in form._fields.items() if name in view.relation.columns]


def _populate(view: FormView, form: Any, item: Any, *, adding: bool) -> list[str]:
    """Give the row what was typed; the columns that differ."""
    changed = list[str]()
    for name, field in _fields(view, form):
        column = view.relation.columns[name]
        value = field.data
        if value is None and not column.nullable:
            if adding:
                continue  # the database fills its default
            value = "" if column.kind == "text" else [] if column.kind == "array" else None
        if adding or value != getattr(item, name, None):
            setattr(item, name, value)
            changed.append(name)
    return changed


def _save(
    view: FormView, item: Any, form: Any, related: Sequence[lines.Lines]
) -> tuple[Refusal | None, int | None]:
    """Write row and lines together, or put the refusal where it belongs; the number to undo it by."""
    try:
        data().flush()
        lines.write(related, item)
        undo = change_no()
        data().commit()
    except lines.LineRefused:
        data().rollback()
        return Refusal(message="", status=409), None
    except (DBAPIError, StaleDataError) as error:
        data().rollback()
        return _refused(view, form, related, error), None
    return None, undo


def _refused(
    view: FormView,
    form: Any,
    related: Sequence[lines.Lines],
    error: DBAPIError | StaleDataError,
) -> Refusal:
    """The refusal at its field, at its line, or for the whole form."""
    for one in related:
        for line in one.rows:
            if line.errors:
                why = refusal(error, generation().catalog, one.relation)
                line.errors = [why.sentence]
                return Refusal(message="", status=why.status)
    why = refusal(error, generation().catalog, view.relation)
    field = form._fields.get(why.column or "")
    if field is None:
        return why
    field.errors = [*field.errors, why.sentence]
    return Refusal(message="", status=why.status)


def _page(
    view: FormView,
    form: Any,
    problem: Refusal | None,
    related: Sequence[lines.Lines],
    *,
    item: Any = None,
    pk: str | None = None,
    mark: str = "",
) -> Answer:
    fields = [field for _, field in _fields(view, form)]
    referring = [field.name for field in fields if field.control == "reference"]
    labels = Labels()
    labels.learn(
        [(view.relation, f.name, [f.data]) for f in fields if f.name in referring]
        + [
            (one.relation, name, [line.form._fields[name].data for line in one.rows])
            for one in related
            for name in one.columns
            if name in one.relation.references
        ]
    )
    # After a conflict the next save is about what is there now; after a refusal about what was seen
    kept = {} if problem is None or problem.status == 409 else request.form
    page = view.render_template(
        "daicho/form.html",
        **view.words(),
        form=form,
        fields=fields,
        problem=problem.sentence if problem else "",
        choices=options(view.relation, referring),
        label_of_value=lambda name, value: labels.of(view.relation, name, value),
        title=title(view.relation, item) if item is not None else t("新しく登録 | Add"),
        pk=pk,
        mark=kept.get("_seen", mark),
        was=kept.get("_was") or _shown(view, item),
        unsaved=_unsaved(fields, related) if request.method == "POST" else [],
        related=related,
        line_words=lambda one: (
            options(one.relation, [n for n in one.columns if n in one.relation.references]),
            lambda name, value: labels.of(one.relation, name, value),
        ),
        blank=lambda one: lines.blank(one, f"l{one.number}-9999"),
        link=view.link,
    )
    wrong = any(field.errors for field in fields)
    wrong = wrong or any(line.is_wrong for one in related for line in one.rows)
    if problem is None and not wrong:
        return page
    return page, problem.status if problem else 422


def _unsaved(fields: Sequence[Any], related: Sequence[lines.Lines]) -> list[str]:
    """The fields of a refused form that hold what is not in the database: the page warns before it is lost."""
    typed = [*fields, *(field for one in related for line in one.rows for field in line.fields)]
    return [field.id for field in typed if field.is_unsaved]


def _shown(view: FormView, item: Any) -> str:
    if item is None:
        return ""
    said = {name: values.to_text(getattr(item, name), zone()) for name in view.edit_columns}
    return json.dumps(said, ensure_ascii=False)
