"""The readers that come with cxtext, one file each; `cxtext.ingest.registry` lists them."""
