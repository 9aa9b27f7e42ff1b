"""The tree of categories, read whole and kept in the cache: every page shows it, and it changes seldom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse

from core.services import caching
from ecommerce.models import Category, Product

# The number is part of the key because processes of the old and the new release share the cache during a deployment.
TREE_KEY = "ecommerce:categories:tree:1"
COUNTS_KEY = "ecommerce:categories:counts:1"
# What the signals miss (a scheduled product's date has come, a row changed by hand) shows after this many seconds.
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Node:
    pk: int
    title: str
    slug: str
    parent_pk: int | None
    depth: int

    @property
    def url(self) -> str:
        return reverse("ecommerce:category", kwargs={"slug": self.slug})

    def get_absolute_url(self) -> str:
        return self.url

    def __str__(self) -> str:
        return self.title


class Tree:
    """Every category, parents before their children, siblings in the order that staff gave them."""

    def __init__(self, rows: Iterable[tuple[int, str, str, int | None]]) -> None:
        self._children: dict[int | None, list[Node]] = defaultdict(list)
        self._nodes: dict[int, Node] = {}
        by_parent: dict[int | None, list[tuple[int, str, str, int | None]]] = defaultdict(list)
        for row in rows:
            by_parent[row[3]].append(row)
        self._add(None, 0, by_parent)

    def _add(self, parent_pk: int | None, depth: int, by_parent: dict[int | None, list[Any]]) -> None:
        """From the roots down, so that categories in a circle, should there ever be one, are left out."""
        for pk, title, slug, _parent in by_parent.get(parent_pk, []):
            node = Node(pk, title, slug, parent_pk, depth)
            self._nodes[pk] = node
            self._children[parent_pk].append(node)
            self._add(pk, depth + 1, by_parent)

    def __iter__(self) -> Iterator[Node]:
        return iter(self._nodes.values())

    def __len__(self) -> int:
        return len(self._nodes)

    @property
    def roots(self) -> list[Node]:
        return self.children(None)

    def get(self, pk: int | None) -> Node | None:
        return None if pk is None else self._nodes.get(pk)

    def by_slug(self, slug: str) -> Node | None:
        return next((node for node in self if node.slug == slug), None)

    def children(self, pk: int | None) -> list[Node]:
        return list(self._children.get(pk, []))

    def ancestors(self, pk: int) -> list[Node]:
        """From the root down to the parent."""
        path: list[Node] = []
        node = self.get(pk)
        while node is not None and (node := self.get(node.parent_pk)) is not None:
            path.insert(0, node)
        return path

    def descendant_ids(self, pk: int) -> list[int]:
        """The category itself and everything below it."""
        return [pk, *(found for child in self.children(pk) for found in self.descendant_ids(child.pk))]


def tree() -> Tree:
    return Tree(caching.get_or_make(TREE_KEY, _read_tree, seconds=SECONDS))


def fresh_tree() -> Tree:
    """Past the cache, for who writes by it: it must not miss a category that was made a moment ago. One query."""
    return Tree(_read_tree())


def navigation() -> list[Node]:
    """The top level, for the site's header."""
    return tree().roots


def counts(of: Tree) -> dict[int, int]:
    """How many published products each category has, with those of the categories below it."""
    own = caching.get_or_make(COUNTS_KEY, _read_counts, seconds=SECONDS)
    return {node.pk: sum(own.get(pk, 0) for pk in of.descendant_ids(node.pk)) for node in of}


def forget() -> None:
    """Read the tree anew once the current transaction is committed."""
    caching.forget_on_commit(TREE_KEY)


def forget_counts() -> None:
    caching.forget_on_commit(COUNTS_KEY)


def _read_tree() -> list[tuple[int, str, str, int | None]]:
    return list(Category.objects.order_by("position", "title", "pk").values_list("pk", "title", "slug", "parent_id"))


def _read_counts() -> dict[int, int]:
    published = Product.objects.published().order_by().values("category_id").annotate(number=Count("pk"))
    return dict(published.values_list("category_id", "number"))
