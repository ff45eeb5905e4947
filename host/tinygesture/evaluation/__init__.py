"""How good a model is: metrics, and the answers of the host and of a board."""
