"""Collections that stay small by what they are, whatever the number of rows."""

from __future__ import annotations

#: What people attach to one thing to sort it or to allow something: each is chosen by hand from a list that people
#: can survey, so one thing has a few of each. Not what is attached without being chosen (files, comments, secrets).
CHOSEN: frozenset[str] = frozenset(("tag", "label", "role", "group", "scope", "team"))

#: Endings that leave the collection what it is: `tags_data`, `role_list`; `role_ids` are found by one query.
FORMS: frozenset[str] = frozenset(("list", "data", "dict", "dicts", "blob", "blobs"))

#: Base classes whose methods are given what a client filters by: the few values that an address holds.
FILTERS: frozenset[str] = frozenset(("django_filters.FilterSet", "django_filters.rest_framework.FilterSet"))

#: Base classes of what writes one thing from a request, with all its parts; not lists of things.
SERIALIZERS: frozenset[str] = frozenset(("rest_framework.serializers.Serializer",))
