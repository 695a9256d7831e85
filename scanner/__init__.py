"""From paper and files to pages: drivers, import and image measurements, all outside the counter's own process."""
