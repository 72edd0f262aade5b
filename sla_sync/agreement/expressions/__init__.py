"""The expression language of `when`, `enter_when`, `contact_if`, `where` and `measure`."""
