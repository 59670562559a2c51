"""What differs from the generated screens, one module per area of the schema."""

from app.fab.screen import Screen, Screens

SCREENS = Screens(
    by_relation={"channel.shop": Screen(actions=["channel.shop_pause"])}, value_labels={}
)
