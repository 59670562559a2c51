"""The fixtures of a house with two simulated malls."""

from tests.sync.house import filled, house, house_database, settings, world

__all__ = ["filled", "house", "house_database", "settings", "world"]
