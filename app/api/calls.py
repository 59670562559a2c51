"""Granted functions by REST: typed arguments in, the rows of the answer out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from app.api.documents import arguments_of, json_object
from app.api.refused import Refused, writing
from app.asking import data, generation, generations, may, reader, rights
from app.catalog import Catalog, Function, Rights
from app.errors import side_of
from app.fab import values
from app.fab.actions import bound, statement
from app.words import t

ROWS_MAX = 1_000
NO_FUNCTION = "この名前の関数はありません。 | There is no function of this name."
NOT_GRANTED = "この関数はあなたの役割では使えません。 | Your role may not call this function."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a function answered: its rows, whether there were more, and what it says itself."""

    rows: Sequence[Mapping[str, object]]
    is_limited: bool
    sentence: str


def callable_functions(catalog: Catalog, held: Rights) -> list[Function]:
    """The functions that a holder of these rights may call by name, in order."""
    return [
        function
        for name, function in sorted(catalog.functions.items())
        if name in held.execute and all(argument.name for argument in function.arguments)
    ]


def run(function: Function, arguments: Mapping[str, object]) -> Answered:
    """Call a function and keep what it did; raises Refused with its sentence."""
    with writing():
        called = statement(function, list(arguments))
        found = data().execute(called, bound(function, arguments))
        rows = found.mappings().fetchmany(ROWS_MAX + 1)
    said = [value for row in rows for value in row.values() if isinstance(value, str)]
    return Answered(
        rows=[
            {name: values.to_json(value) for name, value in row.items()}
            for row in rows[:ROWS_MAX]
            if function.returns != "void"
        ],
        is_limited=len(rows) > ROWS_MAX,
        sentence=side_of(said[0]) if len(said) == len(rows) == 1 and " | " in said[0] else "",
    )


def answer(answered: Answered) -> Response:
    """The answer of a function as a JSON document."""
    return jsonify(
        result=answered.rows,
        is_limited=answered.is_limited,
        message=answered.sentence or t("実行しました。 | Done."),
    )


def calls_blueprint() -> Blueprint:
    """`/api/v1/call/<schema>.<function>`: a function that no row is needed for."""
    blueprint = Blueprint("calls", __name__, url_prefix="/api/v1/call")

    @blueprint.route("/<full>", methods=["GET", "POST"])
    def call(full: str) -> Any:
        if reader() is None:
            abort(401)
        if request.method != "POST":
            # Else this would be read as the address of a table without its last stroke
            abort(405)
        function = generation().catalog.functions.get(full)
        if function is None and generations().newer():
            function = generation().catalog.functions.get(full)
        held = rights()
        if function is None or held is None:
            raise Refused(404, t(NO_FUNCTION))
        if not may("execute", full):
            raise Refused(403, t(NOT_GRANTED))
        return answer(run(function, arguments_of(function.arguments, json_object())))

    return blueprint
