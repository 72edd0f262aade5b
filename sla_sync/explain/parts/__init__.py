"""The chapters of the page, one module each; every chapter is a function from an agreement to blocks."""
