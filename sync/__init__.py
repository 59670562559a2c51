"""What talks to the world: connectors, and the workers that run them."""
