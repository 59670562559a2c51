"""Addresses of databases."""

from urllib.parse import quote, urlsplit


def url_for(url: str, login: str, password: str, database: str) -> str:
    """Address of another login and database on the server of `url`; its options stay."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(
        netloc=f"{quote(login, safe='')}:{quote(password, safe='')}@{host}",
        path=f"/{quote(database, safe='')}",
    ).geturl()


def database_for(url: str, database: str) -> str:
    """Address of another database for the same login."""
    return urlsplit(url)._replace(path=f"/{quote(database, safe='')}").geturl()
