"""The addresses at which an org is asked: REST, SOAP, Bulk and Metadata API, and signing in."""
