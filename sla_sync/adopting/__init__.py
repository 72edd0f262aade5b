"""What is found on a platform becomes YAML: a change of it proposed and proved, or a first agreement of what is there."""
