"""The past of a portal in agreed words: contacts with the histories of their properties, activities, deals, owners."""
