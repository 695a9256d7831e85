"""补正: only the lines of the notice, what is still missing, how many days are left."""
