"""What has been done to a data folder once and for all."""

import json

import sql
from scripts.sentence import CannotGoOn
from scripts.servers.place import Place, write_whole


class State:
    """The notes of a data folder, kept in `state.json`."""

    def __init__(self, place: Place) -> None:
        self._path = place.data / "state.json"
        try:
            self._noted: dict[str, str] = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            self._noted = {}

    @property
    def known(self) -> bool:
        return bool(self._noted)

    def get(self, name: str) -> str:
        return self._noted.get(name, "")

    def note(self, **what: str) -> None:
        self._noted.update(what)
        write_whole(self._path, json.dumps(self._noted) + "\n")


def refuse_if_gone(place: Place, admin_url: str, database: str) -> None:
    """Refuse when a house was open here and its database is gone: an empty one must not take its place."""
    if State(place).get("owner") != "made":
        return
    with sql.connect(admin_url) as admin:
        names = [row.datname for row in sql.rows(admin, "database_names", database=database)]
    if database in names:
        return
    there = ", ".join(names) or "–"
    way = f'scripts/sql --role super -d postgres -c "alter database NAME rename to {database}"'
    raise CannotGoOn(
        f"データベース {database} がありません（このフォルダーには以前ありました）。空のものは作りません。関係するもの: {there}。"
        f"{database}_before_… は前の店のデータ、{database}_restoring は途中の復元です。scripts/restore FILE で戻すか、"
        f"名前を戻します: {way}。新しく始めるなら別の --data を指定してください。",
        f"The database {database} is gone, which was here before; an empty one is not made in its "
        f"place. There are: {there}. {database}_before_… is the shop as it was, {database}_restoring a "
        f"restore that was cut off. Run scripts/restore FILE, or give one its name back: {way}. "
        "To begin anew name another folder with --data.",
    )
