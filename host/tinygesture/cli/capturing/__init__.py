"""What `capture` is made of: what to record next, when, what the person sees and decides."""
