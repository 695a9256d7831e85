"""From the case to the data of its papers: the bridge between the domain's words and the templates' fields."""
