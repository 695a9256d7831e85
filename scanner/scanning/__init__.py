"""A scan under way: the driver in a child process, pages on the disk before they are said, a watch on both."""
