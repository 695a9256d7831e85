"""Pages become one PDF for the archive: image bytes unchanged, turns and crops as numbers, memory flat."""
