"""领证: scan the notice, see what it releases, compare, sign, hand over once."""
