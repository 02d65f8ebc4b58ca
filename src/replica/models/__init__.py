"""Networks of section 4, made of the layers of this package."""
