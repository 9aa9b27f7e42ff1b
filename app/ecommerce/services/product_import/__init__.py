"""Products from Shopify's CSV file.

``reading`` turns the file into rows, ``parsing`` the rows into products, ``planning`` compares them with the catalogue,
``applying`` writes them, ``pictures`` fetches what they link to, and ``runs`` does all that as a durable job.
"""
