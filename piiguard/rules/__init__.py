"""Pattern rules for every label whose values have a form, a table per family."""
