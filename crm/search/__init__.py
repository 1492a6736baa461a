"""Finding by name, in the actor's scope."""
