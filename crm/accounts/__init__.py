"""People, units, roles and sign-in; the scope of an actor."""
