"""What REST refuses: a sentence in the reader's language, or one for each field, with its status."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from flask import Response, jsonify
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from app.asking import data, generation
from app.catalog import Relation
from app.errors import refusal
from app.words import t

Message = str | Mapping[str, Sequence[str]]
UNKNOWN = "知らない項目です。 | Unknown field."
REQUIRED = "必ず入れてください。 | This must be filled in."
EMPTY = "空にはできません。 | This cannot be empty."


class Refused(Exception):
    """The request cannot be answered as it was asked; the message is for the one who asked."""

    def __init__(self, status: int, message: Message) -> None:
        super().__init__(str(message))
        self.status, self.message = status, message


def refused_answer(error: Refused) -> tuple[Response, int]:
    """The refusal as a JSON document."""
    return jsonify(message=error.message), error.status


@contextmanager
def reading(relation: Relation | None = None) -> Iterator[None]:
    """Around a question: what the database cannot read in it is a refusal with status 400."""
    try:
        yield
    except DataError as error:
        data().rollback()
        raise Refused(
            400, t("条件の値が大きすぎます。 | The value of a condition is too large.")
        ) from error
    except DBAPIError as error:
        data().rollback()
        state = getattr(getattr(error.orig, "diag", None), "sqlstate", "") or ""
        why = refusal(error, generation().catalog, relation)
        if why.status == 422 and state != "DC030":
            raise  # nothing that was asked wrongly: perhaps a column went away
        status = 400 if state in ("DC030", "DC404") else why.status
        raise Refused(status, why.sentence) from error


@contextmanager
def writing(relation: Relation | None = None) -> Iterator[None]:
    """Around a change: committed at its end, or taken back and refused at its field."""
    try:
        yield
        data().flush()
        data().commit()
    except (DBAPIError, StaleDataError) as error:
        data().rollback()
        why = refusal(error, generation().catalog, relation)
        if why.status != 422 or (relation is None and why.column is None):
            raise Refused(why.status, why.sentence) from error
        raise Refused(422, {why.column or "_": [why.sentence]}) from error
