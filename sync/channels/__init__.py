"""One mall or cart per folder. See the connector part of the house page."""
