"""Pages of the reference that are read from the database itself."""
