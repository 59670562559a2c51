"""JSON documents of requests: read strictly, refused with a sentence at each field."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from app.api.refused import EMPTY, REQUIRED, UNKNOWN, Refused
from app.asking import zone
from app.catalog import Argument, Column
from app.fab import values
from app.words import t


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    try:
        given = request.get_json()
    except RequestEntityTooLarge:
        raise Refused(
            413, t("大きすぎます。小さく分けてください。 | This is too large. Divide it.")
        ) from None
    except UnsupportedMediaType:
        raise Refused(
            415,
            t("Content-Type は application/json です。 | The Content-Type is application/json."),
        ) from None
    except (BadRequest, RecursionError, UnicodeDecodeError):
        given = None
    if not isinstance(given, dict):
        raise Refused(400, t("JSONの {…} を送ってください。 | Send a JSON object."))
    return given


def row_values(
    columns: Iterable[Column], given: Mapping[str, Any], *, adding: bool
) -> dict[str, object]:
    """The values that a document gives these columns; what is missing is refused when adding."""
    known = {column.name: column for column in columns}
    if not known:
        raise Refused(403, t("この表には書けません。 | This table is not yours to write."))
    wrong = {name: [t(UNKNOWN)] for name in given if name not in known}
    found: dict[str, object] = {}
    for name, column in known.items():
        if name not in given:
            if adding and not column.nullable and not column.has_default:
                wrong[name] = [t(REQUIRED)]
            continue
        try:
            found[name] = _column_value(column, given[name])
        except values.NotAValue as error:
            wrong[name] = [str(error)]
    if wrong:
        raise Refused(422, wrong)
    return found


def _column_value(column: Column, given: object) -> object:
    value = values.from_json(column, given, zone())
    if value is None and not column.nullable:
        raise values.NotAValue(t(EMPTY))
    if column.choices and value is not None and value not in column.choices:
        raise values.NotAValue(
            t(
                "次のどれかです: {said} | One of these: {said}",
                said="、".join(column.choices),
            )
        )
    return value


def arguments_of(wanted: Iterable[Argument], given: Mapping[str, Any]) -> dict[str, object]:
    """The arguments that a document gives a function, by the names of its parameters."""
    known = {argument.name: argument for argument in wanted}
    wrong = {name: [t(UNKNOWN)] for name in given if name not in known}
    wrong |= {
        name: [t(REQUIRED)]
        for name, argument in known.items()
        if name not in given and not argument.has_default
    }
    found: dict[str, object] = {}
    for name, argument in known.items():
        try:
            if name in given:
                found[name] = values.from_json(argument, given[name], zone())
        except values.NotAValue as error:
            wrong[name] = [str(error)]
    if wrong:
        raise Refused(422, wrong)
    return found
