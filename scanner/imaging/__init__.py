"""Measures of a page: skew, blankness, sharpness, light, resolution, cut edges, codes; never a change of its pixels."""
