"""Every word a person reads, in Chinese and in English, out of one merged catalogue."""

from duban.texts.catalogue import Language, known, text
from duban.texts.sentences import explain, term, worded

__all__ = ["Language", "explain", "known", "term", "text", "worded"]
