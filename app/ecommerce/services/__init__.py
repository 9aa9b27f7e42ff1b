"""The shop's rules: one module for each noun, its functions the verbs.

Whoever locks more than one of these rows does it in this order, or two of them wait for each other until MySQL undoes
one: the cart, the order, the variants by their keys, the coupon, the last number of invoices. A step may be left out,
and never be taken later. Two things take a lock without saying so. A row that is written with a foreign key locks the
row it points to, so a cart's new line locks its variant. And a row that is found by a column which changes is locked
in that column's index before itself, while a change of it takes the two the other way round: so a cart is found
first, and then locked by its key.
"""
