"""Reading a page as a person does."""

import re
from html import unescape


def words_of(answer):
    """Return the text of a page, without tags and in single blanks."""
    bare = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(unescape(bare).split())
