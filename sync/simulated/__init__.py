"""What simulated malls share. Only a `fake.py` and the world that runs them import it."""
