"""Reading a page as a person does."""

import re
from html import unescape


def body_of(answer):
    """Return what was answered as text, also of a file that is sent as it is read."""
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def words_of(answer):
    """Return the text of a page, without tags and in single blanks."""
    bare = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(unescape(bare).split())
