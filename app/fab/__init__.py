"""Flask-AppBuilder made fit for a large schema: what belongs to a table is built on its first use."""
