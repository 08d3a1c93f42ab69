"""Makes the model from the corpus, and measures it. Nothing here is loaded by a serving process."""
