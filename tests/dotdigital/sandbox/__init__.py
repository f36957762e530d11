"""The pretend Dotdigital itself: that it is faithful, and plays what it is told to."""
