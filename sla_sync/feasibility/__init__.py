"""Whether a promise can be kept, before it is made: volume, capacity, response, hours, against what has been."""
