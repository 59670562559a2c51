"""The long proof that nothing is lost: a shop beside simulated malls, processes that die, and what must hold after."""
