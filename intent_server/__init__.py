"""Records to answers: the store, the questions asked of it, and the ways to ask them."""
