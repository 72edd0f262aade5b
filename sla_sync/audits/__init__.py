"""What every audit found, kept in a database beside the working copy: first seen, last seen, put right, told to whom."""
