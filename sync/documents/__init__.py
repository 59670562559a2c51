"""The standard templates, one folder each; `sync.render.standard` reads them."""
