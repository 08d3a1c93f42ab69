"""SnowNLP as a peer: it was made for moods in reviews, so it is asked only whether somebody complains.

Its own module, since SnowNLP need not be installed; importing it loads its models.
"""

from snownlp import SnowNLP

from domain.labels import Intent
from nlp.learning.examples import Example
from nlp.learning.scoring import Reading
from nlp.rules.opinion import Opinion


class Snow:
    """Whatever sounds more bad than good is a complaint."""

    def read(self, example: Example) -> Reading:
        text = example.text.strip()
        good = float(SnowNLP(text).sentiments) if text else 0.5
        return Opinion(Intent.COMPLAINT if good < 0.5 else Intent.CHITCHAT, max(good, 1 - good), 0)
