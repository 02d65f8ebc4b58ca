"""Leaves out of each page what would run code on another host: it is not used, and its scripts stand there twice."""


def remove(app, pagename, templatename, context, doctree):
    """Drop the scripts of sphinx_thebe, an extension that Jupyter Book always loads."""
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "thebe" not in str(script.filename) and "thebe" not in script.attributes.get("body", "")
    ]


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", remove, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
