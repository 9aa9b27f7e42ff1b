"""Posts and pages from WordPress's own export, an XML file.

``reading`` turns the file into items, ``parsing`` an item into a post or page, with ``shortcodes`` and ``markup`` for
its text, ``applying`` writes it, ``links`` leads old addresses to new ones, ``files`` fetches what it shows and links
to, ``authors`` finds who wrote it, and ``runs`` does all that as a durable job.
"""
