"""`python -m nlp.learning`: train the model that is shipped, from the corpus."""

import sys

from nlp.learning.examples import CORPUS
from nlp.learning.train import make
from nlp.reader import MODEL

if __name__ == "__main__":
    made = make(CORPUS, MODEL).made_from
    sys.stdout.write(
        f"{MODEL.name}: {made['examples']} examples, corpus {made['corpus']}, dictionary {made['dictionary']}\n"
    )
