import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_examples import RULES
from seedbed.augmentation import Rotate
from seedbed.cleaning import Apply, Trim
from seedbed.connectors import Files, ImageFolder, Sql
from seedbed.core.secret import Secret
from seedbed.errors import BadSpec, RecipeError, UnknownKind
from seedbed.recipe import Gather, Recipe
from seedbed.unify import Join
from seedbed.validation import Between, Matches, NotNull, OneOf, Severity, Unique

WORDS = st.sampled_from(
    [
        "no",
        "yes",
        "on",
        "NO",
        "null",
        "~",
        "@x",
        "1",
        "1.0",
        "0x1",
        "a: b",
        "- c",
        "#d",
        "2024-01-01",
    ]
) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
NAMES = st.text("abcXYZ09", min_size=1, max_size=5)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)

CONNECTORS = st.one_of(
    st.builds(
        Files,
        path=WORDS | st.lists(WORDS, min_size=1, max_size=3).map(tuple),
        types=st.sampled_from(["infer", "text"]),
        separator=st.sampled_from([",", ";", "\t", "|"]),
    ),
    st.builds(ImageFolder, path=WORDS),
    st.builds(Sql, url=NAMES.map(lambda n: Secret(f"env:A{n}")), table=WORDS),
    st.builds(Sql, url=st.just(Secret("file:/a/b")), query=WORDS),
)
CHECKS = st.one_of(
    st.builds(NotNull, column=WORDS, severity=st.sampled_from(Severity)),
    st.builds(
        Unique, column=WORDS | st.lists(WORDS, min_size=2, unique=True).map(tuple)
    ),
    st.builds(
        Between, column=WORDS, low=FLOATS | st.integers(-9, 9), quarantine=st.booleans()
    ),
    st.builds(Between, column=WORDS, high=st.dates().map(str)),
    st.builds(Matches, column=WORDS, pattern=WORDS.map(re.escape), whole=st.booleans()),
    st.builds(OneOf, column=WORDS, values=st.lists(WORDS, min_size=1).map(tuple)),
    st.builds(OneOf, column=WORDS, values=st.lists(FLOATS, min_size=1).map(tuple)),
)
ROTATES = st.builds(
    Rotate, column=WORDS, copies=st.integers(1, 3), max_degrees=st.floats(0.5, 180)
)
EXAMPLES = st.sampled_from([rule for rules in RULES.values() for rule in rules])
SHARES = st.sampled_from(
    [{"train": 1.0}, {"train": 0.8, "test": 0.2}, {"dev": 0.5, "train": 0.5}]
)
COLUMNS = st.none() | WORDS


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """Draw a recipe that can be written down, if not one that can be run."""
    recipe = Recipe(draw(NAMES), seed=draw(st.integers(-5, 2**70)))
    named = draw(st.dictionaries(NAMES | st.sampled_from(["files", "sql"]), CONNECTORS))
    unnamed = draw(st.lists(CONNECTORS, max_size=3))
    if named or unnamed:
        recipe = recipe.gather(*unnamed, **named)
    if draw(st.booleans()):
        by = draw(
            WORDS | st.lists(WORDS, min_size=1, max_size=2, unique=True).map(tuple)
        )
        how = draw(st.sampled_from(["left", "inner"]))
        join = (
            [Join(left="a", right="b", by=by, how=how)] if draw(st.booleans()) else []
        )
        recipe = recipe.unify(stack=draw(st.lists(WORDS, max_size=3)), join=join)
    if draw(st.booleans()):
        recipe = recipe.roles(
            target=draw(COLUMNS), id=draw(COLUMNS), group=draw(COLUMNS)
        )
    recipe = recipe.validate(*draw(st.lists(CHECKS, max_size=3)))
    recipe = recipe.clean(*draw(st.lists(EXAMPLES, max_size=5)))
    match draw(st.sampled_from(["share", "given", "none"])):
        case "share":
            recipe = recipe.split(by=draw(COLUMNS), **draw(SHARES))
        case "given":
            recipe = recipe.split(given=draw(WORDS))
        case _:
            pass
    return recipe.augment(*draw(st.lists(ROTATES, max_size=2)))


@given(recipes())
def test_yaml_and_python_are_one_value(recipe: Recipe) -> None:
    text = recipe.to_yaml()
    back = Recipe.from_yaml(text)
    assert back == recipe
    assert back.to_yaml() == text
    assert back.describe() == recipe.describe()


def test_every_rule_has_an_example_that_goes_through_yaml() -> None:
    every = [rule for rules in RULES.values() for rule in rules]
    recipe = Recipe("all").clean(*every)
    assert Recipe.from_yaml(recipe.to_yaml()) == recipe


# -- sources and their names ----------------------------------------------------------

ONE, TWO = Files(path="a.csv"), Files(path="b.csv")


@pytest.mark.parametrize(
    ("sources", "named", "names"),
    [
        ((ONE, TWO), {}, ["files", "files2"]),
        ((ONE,), {"north": TWO}, ["files", "north"]),
        ((ONE,), {"files": TWO}, ["files2", "files"]),
        ((), {"sql": ONE, "files": TWO}, ["sql", "files"]),
        ((ONE, TWO), {"files2": ONE}, ["files", "files3", "files2"]),
    ],
)
def test_no_source_takes_the_name_of_another(sources, named, names) -> None:
    recipe = Recipe("a").gather(*sources, **named)
    assert list(recipe.sources) == names
    assert [*recipe.sources.values()] == [*sources, *named.values()]
    assert Recipe.from_yaml(recipe.to_yaml()) == recipe


def test_a_source_may_stand_unnamed_among_named_ones() -> None:
    sources = ["north: {files: {path: a.csv}}", "files: {path: b.csv}"]
    text = "name: a\nsteps:\n- gather:\n" + "".join(f"  - {s}\n" for s in sources)
    recipe = Recipe.from_yaml(text)
    assert list(recipe.sources) == ["north", "files"]
    assert recipe.to_spec()["steps"][0]["gather"] == [
        {"north": {"files": {"path": "a.csv"}}},
        {"files": {"path": "b.csv"}},
    ]


def test_parts_may_be_written_without_settings() -> None:
    recipe = Recipe.from_yaml(
        "name: a\nsteps:\n- clean:\n  - trim\n  - trim:\n  - trim: {}\n"
    )
    assert recipe == Recipe("a").clean(Trim(), Trim(), Trim())


def test_a_list_of_groups_is_the_same_value_as_a_tuple() -> None:
    listed = Recipe("a").split(by=["x", "y"], train=1.0)  # pyright: ignore[reportArgumentType]
    assert listed == Recipe("a").split(by=("x", "y"), train=1.0)
    assert Recipe.from_yaml(listed.to_yaml()) == listed


def test_two_recipes_differ_by_what_they_do_and_not_by_where_they_stand() -> None:
    text = "name: a\nsteps: []\n"
    assert Recipe.from_yaml(text, where="x.yaml") == Recipe.from_yaml(
        text, where="y.yaml"
    )
    assert Recipe("a").clean(Trim()).describe() != Recipe("a").describe()


def test_parts_know_their_place() -> None:
    recipe = (
        Recipe("a")
        .gather(ONE, Gather=TWO)
        .clean(Trim(), Trim())
        .validate(NotNull(column="x"))
    )
    assert [place for place, _ in recipe.parts()] == [
        "recipe 'a', steps[0].gather[0]",
        "recipe 'a', steps[0].gather[1]",
        "recipe 'a', steps[1].clean[0]",
        "recipe 'a', steps[1].clean[1]",
        "recipe 'a', steps[2].validate[0]",
    ]
    assert isinstance(recipe.steps[0], Gather)


def test_roles_of_several_steps_are_taken_together() -> None:
    recipe = Recipe("a").roles(target="y", id="n").roles(target="z")
    assert dict(recipe.all_roles.items()) == {"target": "z", "id": "n"}


def test_a_function_of_a_notebook_cannot_be_written() -> None:
    recipe = Recipe("a").clean(Apply(columns="x", function=lambda row: row["x"]))
    with pytest.raises(BadSpec, match="no module holds it"):
        recipe.to_yaml()
    assert recipe.describe()


# -- mistakes -------------------------------------------------------------------------

HEAD = "name: a\nsteps:\n- "
MISTAKES = [
    ("name: [a\n", BadSpec, "not valid YAML"),
    ("name: a\nname: b\n", BadSpec, "duplicate key"),
    ("", BadSpec, "a recipe must be a mapping, not None"),
    ("- a\n", BadSpec, "a recipe must be a mapping"),
    ("name: a\nstep: []\n", BadSpec, "a recipe has no field 'step'"),
    ("3: a\n", BadSpec, "a recipe has no field 3"),
    ("steps: []\n", BadSpec, "a recipe needs a name"),
    ("name: 7\n", BadSpec, "a recipe needs a name"),
    *(
        (f"name: {n}\n", BadSpec, "cannot be the name")
        for n in ("a/b", "..", "''", "-a", "a b")
    ),
    ("name: a\nseed: x\n", BadSpec, "whole number, not 'x'"),
    ("name: a\nseed: true\n", BadSpec, "whole number, not True"),
    ("name: a\nsteps: clean\n", BadSpec, "the steps must be a list"),
    (f"{HEAD}cleen: []\n", BadSpec, "no step 'cleen'"),
    (f"{HEAD}7\n", BadSpec, "a step must be one name"),
    (f"{HEAD}clean: []\n  split: 1\n", BadSpec, "a step must be one name"),
    (f"{HEAD}clean:\n", BadSpec, "this must be a list, not None"),
    (f"{HEAD}clean\n", BadSpec, "this must be a list, not {}"),
    (f"{HEAD}clean: [trimm]\n", UnknownKind, "no rule is called 'trimm'"),
    (f"{HEAD}clean: [{{trim: x}}]\n", BadSpec, "must be a mapping, not 'x'"),
    (
        f"{HEAD}clean: [{{trim: {{}}, clip: {{}}}}]\n",
        BadSpec,
        "a rule must be one name",
    ),
    (f"{HEAD}clean: [[trim]]\n", BadSpec, "a rule must be one name"),
    (f"{HEAD}clean: [{{trim: {{inside: maybe}}}}]\n", BadSpec, "'inside' should be"),
    (f"{HEAD}clean: [{{trim: {{inside: 'true'}}}}]\n", BadSpec, "'inside' should be"),
    (f"{HEAD}clean: [{{trim: {{insid: true}}}}]\n", BadSpec, "no field 'insid'"),
    (f"{HEAD}clean: [fill_missing]\n", BadSpec, "'columns' is missing"),
    (f"{HEAD}validate: [nul]\n", UnknownKind, "no check is called 'nul'"),
    (f"{HEAD}augment: [turn]\n", UnknownKind, "no augmenter is called 'turn'"),
    (f"{HEAD}gather: [file]\n", UnknownKind, "no connector is called 'file'"),
    (f"{HEAD}gather: [{{a: {{file: {{path: x}}}}}}]\n", UnknownKind, "called 'file'"),
    (f"{HEAD}gather: [{{file: {{path: x}}}}]\n", UnknownKind, "called 'file'"),
    (f"{HEAD}gather: [{{a: 3}}]\n", UnknownKind, "no connector is called 'a'"),
    (
        f"{HEAD}gather: [{{a: {{files: {{path: x}}}}}}, {{a: {{files: {{path: y}}}}}}]\n",
        BadSpec,
        "two sources are called 'a'",
    ),
    (f"{HEAD}roles: [y]\n", BadSpec, "roles must be a mapping"),
    (f"{HEAD}roles: {{aim: y}}\n", BadSpec, "roles has no field 'aim'"),
    (f"{HEAD}roles: {{target: [y]}}\n", BadSpec, "'target' must name a column"),
    (f"{HEAD}split: 0.8\n", BadSpec, "a split must be a mapping"),
    (f"{HEAD}split: {{train: most}}\n", BadSpec, "must be a number, not 'most'"),
    (f"{HEAD}split: {{train: true}}\n", BadSpec, "must be a number, not True"),
    (f"{HEAD}split: {{train: .nan}}\n", BadSpec, "must be above 0 and sum to 1"),
    (f"{HEAD}split: {{train: 1.5, test: -0.5}}\n", BadSpec, "above 0 and sum to 1"),
    (f"{HEAD}split: {{}}\n", BadSpec, "above 0 and sum to 1"),
    (f"{HEAD}split: {{dev: 1}}\n", BadSpec, "no split is called 'train'"),
    (f"{HEAD}split: {{given: s, train: 1}}\n", BadSpec, "either given by a column"),
    (f"{HEAD}split: {{given: 3}}\n", BadSpec, "'given' must name a column, not 3"),
    (f"{HEAD}split: {{train: 1, by: 3}}\n", BadSpec, "'by' must name a column, not 3"),
    (
        f"{HEAD}split: {{train: 1, by: [a, 3]}}\n",
        BadSpec,
        "'by' must name a column, not 3",
    ),
    (f"{HEAD}unify: []\n", BadSpec, "unify must be a mapping"),
    (f"{HEAD}unify: {{stak: []}}\n", BadSpec, "unify has no field 'stak'"),
    (f"{HEAD}unify: {{stack: a}}\n", BadSpec, "this must be a list, not 'a'"),
    (f"{HEAD}unify: {{join: [a]}}\n", BadSpec, "a join must be a mapping"),
    (f"{HEAD}unify: {{join: [{{left: a, right: b}}]}}\n", BadSpec, "'by' is missing"),
    (f"{HEAD}unify: {{join: [{{left: a, by: b}}]}}\n", BadSpec, "'right' is missing"),
    (f"{HEAD}unify: {{join: [{{left: a, right: b, by: 3}}]}}\n", BadSpec, "3 is none"),
    (f"{HEAD}unify: {{join: [{{left: a, right: 3, by: c}}]}}\n", BadSpec, "3 is none"),
    (
        f"{HEAD}unify: {{join: [{{left: a, right: a, by: c}}]}}\n",
        BadSpec,
        "joined to itself",
    ),
    (f"{HEAD}unify: {{join: [{{left: a, right: b, by: []}}]}}\n", BadSpec, "is no key"),
    (
        f"{HEAD}unify: {{join: [{{left: a, right: b, by: c, expect: all}}]}}\n",
        BadSpec,
        "'expect' cannot be 'all'",
    ),
]


@pytest.mark.parametrize(("text", "kind", "what"), MISTAKES)
def test_every_mistake_has_its_error(text: str, kind: type, what: str) -> None:
    with pytest.raises(kind, match=re.escape(what)) as caught:
        Recipe.from_yaml(text, where="a.yaml")
    assert caught.value.where.startswith("a.yaml")
    assert caught.value.fix


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "name",
                        "seed",
                        "steps",
                        "clean",
                        "trim",
                        "gather",
                        "files",
                        "split",
                        "unify",
                        "join",
                        "left",
                        "by",
                        "roles",
                    ]
                ),
                inner,
                max_size=3,
            )
        ),
    )
)
def test_any_other_nonsense_is_refused_in_our_words(spec: object) -> None:
    with suppress(RecipeError):
        Recipe.from_spec(spec, where="a.yaml")


def test_a_file_that_cannot_be_read(tmp_path) -> None:
    with pytest.raises(RecipeError, match="No such file"):
        Recipe.from_file(tmp_path / "a.yaml")
    (tmp_path / "a.yaml").write_bytes(b"\xff")
    with pytest.raises(RecipeError, match="not UTF-8"):
        Recipe.from_file(tmp_path / "a.yaml")
