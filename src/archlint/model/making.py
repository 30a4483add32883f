"""What the methods of a class make of it: objects that they fill before anybody else has them."""

from __future__ import annotations

from archlint.model.summary import Bind, Call, Expr, Param, Scope, Store

_NEW = "__new__"


def own_objects(scope: Scope, name: str) -> list[Expr]:
    """What stands for a class called ``name``, or for an object of it, in one of its methods.

    The first parameter, the class by its name or by ``type(self)``, and what the method makes:
    ``made = cls()``, ``cls._instance = super().__new__(cls)``.
    """
    first, by_name = ["n", scope.params[0][Param.NAME]], ["n", name]
    classes: list[Expr] = [first, by_name, ["a", first, "__class__"]]
    classes += [
        ["c", index]
        for index, row in enumerate(scope.calls)
        if row[Call.FUNC] == ["n", "type"] and row[Call.ARGS] == [first]
    ]
    takes_class = scope.name == _NEW or ["n", "classmethod"] in scope.decorators
    makers = [by_name, first] if takes_class else [by_name]
    made: list[Expr] = [
        ["c", index]
        for index, row in enumerate(scope.calls)
        if row[Call.FUNC] in makers or (row[Call.FUNC] or [])[2:3] == [_NEW]
    ]
    if not made:
        return classes
    made += [
        ["n", local] for local, rows in scope.binds.items() if all(row[Bind.EXPR] in made for row in rows)
    ]
    kept = [
        ["a", row[Store.VALUE], row[Store.ATTR]]
        for row in scope.stores
        if row[Store.VALUE] in classes and row[Store.EXPR] in made
    ]
    return [*classes, *made, *kept]
