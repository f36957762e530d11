"""What people have done with a store and its account, read back in words."""

from integrationhub.activity.sentences import lines_of, who_of
from integrationhub.activity.told import Told, told

__all__ = ["Told", "lines_of", "told", "who_of"]
