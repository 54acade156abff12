"""What a route declares: who is asking, what they may do, whose row it is, how often, and that a retry counts once."""
