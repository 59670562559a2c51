"""The staff's work places that generated screens cannot be."""
