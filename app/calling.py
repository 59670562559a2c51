"""Functions of the schema that a desk calls for its reader: with their role, in a transaction of its own."""

from flask import abort
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may
from app.errors import Refusal, refusal
from app.fab import values
from app.fab.actions import statement
from app.words import t


def called(name: str, **arguments: object) -> tuple[object, Refusal | None]:
    """Call a granted function and keep what it did; its one value, or why the database refused.

    Arguments are named without `p_`. 403 when the function is not granted to the reader.
    """
    function = generation().catalog.functions.get(name)
    if function is None or not may("execute", name):
        abort(403)
    for argument, value in arguments.items():
        if isinstance(value, str) and values.unkept(value):
            return None, Refusal(message=t(values.UNKEPT), column=argument)
    given = {f"p_{argument}": value for argument, value in arguments.items()}
    bound = {f"a{place}": value for place, value in enumerate(given.values())}
    try:
        value = data().execute(statement(function, list(given)), bound).scalar()
        data().commit()
    except DBAPIError as error:
        data().rollback()
        return None, refusal(error, generation().catalog)
    return value, None
