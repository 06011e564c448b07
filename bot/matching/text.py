"""Text as the matcher sees it: normalised, cut into sentences and words, stemmed.

Everything here is pure and takes time linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 4000  # characters of a question that are read; Discord's longest message

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_MARKUP = re.compile(r"<(?:@[!&]?|#|a?:\w{1,32}:|t:|/)[^<>\n]{0,64}>")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\((?:https?://)[^\s()]{1,500}\)")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>]+")
APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´＇", "'"))
_ELONGATED = re.compile(r"([a-z])\1{2,}")
_WORD = re.compile(r"c\+\+|[cf]#|[^\W_]+(?:\.(?=[^\W_])[^\W_]+)*(?:'[^\W_]+)?")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n+|[;:](?=\s)|[—–]|\s-\s")

_CONTRACTED = {
    "won't": "will not", "can't": "can not", "cannot": "can not", "ain't": "is not",
    "let's": "let us", "cant": "can not", "wont": "will not", "dont": "do not",
    "doesnt": "does not", "didnt": "did not", "isnt": "is not", "arent": "are not",
    "wasnt": "was not", "couldnt": "could not", "shouldnt": "should not",
    "wouldnt": "would not", "havent": "have not", "hasnt": "has not",
    "im": "i am", "ive": "i have", "youre": "you are",
    "thats": "that is", "whats": "what is", "wheres": "where is", "hows": "how is",
    "whos": "who is", "theres": "there is", "youve": "you have",
    "gonna": "going to", "wanna": "want to", "gotta": "have to", "gimme": "give me",
    "lemme": "let me", "kinda": "kind of", "sorta": "sort of", "dunno": "do not know",
    "idk": "i do not know", "u": "you", "n": "and", "ur": "your", "pls": "please", "plz": "please",
    "plss": "please", "thx": "thanks", "tnx": "thanks", "ty": "thanks", "ppl": "people",
    "tho": "though", "thru": "through", "bc": "because", "cuz": "because", "cos": "because",
    "coz": "because", "b4": "before", "gr8": "great", "rn": "right now", "tbh": "honestly",
    "imo": "in my opinion", "imho": "in my opinion", "afaik": "as far as i know",
    "smth": "something", "sth": "something", "sb": "somebody", "abt": "about",
    "w/o": "without", "diff": "different", "bw": "between", "btw": "by the way",
    "vs": "versus", "wat": "what", "wats": "what is", "wht": "what", "wut": "what",
    "hw": "how", "shud": "should", "shld": "should", "cud": "could", "wud": "would",
    "tryna": "trying to", "needa": "need to", "oughta": "ought to", "yrs": "years",
    "yr": "year", "hrs": "hours", "hr": "hour", "mins": "minutes", "asap": "soon",
    "noob": "beginner", "noobs": "beginners", "n00b": "beginner", "newb": "beginner",
    "recs": "recommendations", "reccs": "recommendations", "reccomend": "recommend",
    "recomend": "recommend", "prereqs": "prerequisites", "prereq": "prerequisite",
    "eli5": "explain simply", "tldr": "summary", "tl;dr": "summary",
    "bg": "background", "exp": "experience", "info": "information", "vids": "videos",
    "vid": "video", "uni": "university", "comp": "computer", "sci": "science",
}  # fmt: skip
_CLITICS = (
    ("n't", " not"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("'m", " am"),
    ("'d", " would"), ("'s", " is"),
)  # fmt: skip


def normalise(text: str) -> str:
    """Return `text` in lower case without markup, links, code and invisible characters.

    Contractions and chat-speak are written out, elongations cut ("sooooo" → "so"), at most
    `LONGEST` characters are read. Line breaks stay: they end sentences.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST]).translate(APOSTROPHES)
    text = _INVISIBLE.sub("", text)
    text = _CODE_BLOCK.sub("\n", text)
    text = _MARKUP.sub(" ", text)
    text = _LINK.sub(r"\1", text)
    text = _URL.sub(" ", text).lower()
    text = _ELONGATED.sub(r"\1", _unaccented(text))
    return _WORD.sub(lambda found: written_out(found.group()), text)


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def written_out(word: str) -> str:
    """Return a contracted or abbreviated word in full: "don't" → "do not", "u" → "you"."""
    if word in _CONTRACTED:
        return _CONTRACTED[word]
    if "'" in word:
        for clitic, full in _CLITICS:
            if word.endswith(clitic):
                return word.removesuffix(clitic) + full
    return word


def words(normalised: str) -> list[str]:
    """Return the words of a normalised text; a dotted name is one word without its dots."""
    return [found.replace(".", "").replace("'", "") for found in _WORD.findall(normalised)]


def sentences(normalised: str) -> list[str]:
    """Return the sentences of a normalised text, blank ones left out."""
    return [part for raw in _SENTENCE_END.split(normalised) if (part := raw.strip())]


@lru_cache(maxsize=4_000)
def stem(word: str) -> str:
    """Return the stem of an English word, light: plural, -ing, -ed, -er, -ly, -ation."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, kept in (
        ("ization", "ize"), ("isation", "ize"), ("ation", "ate"), ("ically", "ic"),
        ("ingly", ""), ("ing", ""), ("edly", ""), ("ed", ""), ("ably", "able"), ("ly", ""),
        ("ment", ""), ("ness", ""), ("er", ""), ("or", ""), ("est", ""),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)] + kept
            break
        if word.endswith(ending) and ending in ("ing", "ed") and len(word) - len(ending) == 3:
            word = word[: -len(ending)]
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    if len(word) > 4 and word[-1] == "e":
        word = word[:-1]
    if len(word) > 3 and word[-1] == "y":
        word = word[:-1] + "i"
    return word
