"""How many, how long, where they fall: the managers' funnel, read from the dated states of leads."""
