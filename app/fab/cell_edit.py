"""One cell of a list, edited in place: the control for it, and its saving."""

from typing import Any, Protocol

from flask import abort, jsonify, render_template, request, url_for
from flask_appbuilder.forms import DynamicForm
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from app.asking import change_no, data, generation
from app.errors import GONE, refusal
from app.fab.forms import column_field
from app.fab.labels import Labels, options
from app.fab.list_page import ListView
from app.fab.listing import columns_of, lines
from app.fab.seen import seen_mark
from app.words import t

CELL_CHANGED = (
    "ほかの人が「{now}」に変えました。入力は残っています。もう一度 Enter で保存します。 | "
    "Somebody else changed this to “{now}”. What you typed is kept: Enter once more saves it."
)


class EditedView(ListView, Protocol):
    """A list whose cells can be edited."""

    def words(self) -> Any: ...


def cell_edit(view: EditedView, pk: str) -> Response | str | tuple[Response, int]:
    """The control of one column of one row; with POST, the saving of it.

    POST answers with the row's cell as the list says it, or with a sentence: 422 when refused,
    409 when somebody else changed the value meanwhile.
    """
    name = request.values.get("column", "")
    if name not in view.edit_columns:
        abort(403)
    saving = request.method == "POST"
    item = view.datamodel.get_locked(pk) if saving else view.datamodel.get(pk)
    if item is None:
        abort(404, description=t(GONE))
    relation = view.relation
    made = column_field(relation, relation.columns[name])
    form = type("CellForm", (DynamicForm,), {name: made})(obj=item)
    field: Any = form._fields[name]
    if saving:
        return _saved(view, item, form, field)
    labels = Labels()
    labels.learn([(relation, name, [field.data])] if name in relation.references else [])
    return render_template(
        "daicho/cell.html",
        **view.words(),
        field=field,
        column=relation.columns[name],
        choices=options(relation, [name] if name in relation.references else []),
        label_of_value=lambda column, value: labels.of(relation, column, value),
        mark=seen_mark(item, [name]),
    )


def _saved(view: EditedView, item: Any, form: Any, field: Any) -> Response | tuple[Response, int]:
    if request.form.get("_seen") != (seen := seen_mark(item, [field.name])):
        (line,) = lines(view, columns_of(view, [field.name]), [item])
        data().rollback()
        message = t(CELL_CHANGED, now=line.cells[0].said or "—")
        return jsonify(message=message, seen=seen), 409
    if not form.validate():
        data().rollback()
        return jsonify(message=" ".join(field.errors)), 422
    value = field.data
    column = view.relation.columns[field.name]
    if value is None and not column.nullable:
        value = "" if column.kind == "text" else [] if column.kind == "array" else None
    try:
        if value != getattr(item, field.name):
            setattr(item, field.name, value)
        data().flush()
        undo = change_no()
        data().commit()
    except (DBAPIError, StaleDataError) as error:
        data().rollback()
        why = refusal(error, generation().catalog, view.relation)
        return jsonify(message=why.sentence), why.status
    (line,) = lines(
        view, columns_of(view, [field.name]), [view.datamodel.get(view.datamodel.key_text(item))]
    )
    said = line.cells[0]
    undoing = (
        {"href": url_for("Changes.undo", change_no=undo), "said": t("元に戻す | Undo")}
        if undo
        else None
    )
    return jsonify(said=said.said, done=t("保存しました。 | Saved."), undo=undoing)
