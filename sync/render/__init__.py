"""Pure: what people read, made from values. No network, no database."""
