"""Recipes with one mistake each, and the recipe that follows the advice.

Each case is the mistake and, where the fix is a concrete edit, the mended recipe; a test
runs both. `people` begins a recipe over `people.csv`, `RECIPES` is about whole recipes.
"""

__all__ = ["CASES", "FILES"]

FILES = {
    "people.csv": "name,age,town,zip,label,day\n"
    "ann,31,Oslo,0150,yes,2024-01-31\n"
    "bob,,Oslo,0150,no,2024-02-28\n"
    " cid,200,Ulm,89073,yes,2023-05-05\n"
    "dan,7,Olm,89073,no,\n"
    "ann,31,Oslo,0150,yes,2024-01-31\n",
    "pets.csv": "name,pet\nann,cat\nbob,dog\n",
    "pets_twice.csv": "name,pet\nann,cat\nann,dog\n",
    "ages.csv": "name,age\nann,old\n",
    "numbered.csv": "name,pet\n1,cat\n",
    "hidden.csv": "name,_id\nann,1\n",
    "given.csv": "name,side\nann,dev\nbob,test\n",
    "given_train.csv": "name,side\nann,train\nbob,test\n",
    "given_gaps.csv": "name,side\nann,train\nbob,\n",
    "lands.csv": "town,land\nOslo,Norway\nUlm,Germany\n",
    "lands_twice.csv": "town,land\nOslo,Norway\nOslo,Norge\n",
    "empty.csv": "",
    "ragged.csv": "a,b\n1\n2\n",
    "twice.csv": "a,a\n1,2\n",
    "unnamed.csv": "a,\n1,2\n",
    "odd.dat": "a,b\n1,2\n",
    "other.csv": "name,weight\nann,60\n",
    "part_a.csv": "name,age\nann,1\n",
    "part_b.csv": "name,age,more\nbob,2,x\n",
    "bad.ndjson": '{"a": 1}\n{"a": \n',
    "good.ndjson": '{"a": 1}\n',
    "not.parquet": "PAR1 but not really",
}


def people(steps: str, *, name: str = "people", source: str = "people.csv") -> str:
    """Return a recipe over one file."""
    head = f"name: {name}\nsteps:\n- gather:\n  - files: {{path: {source}}}\n"
    return head + "".join(f"{line}\n" for line in steps.strip("\n").splitlines())


def clean(rule: str) -> str:
    """Return a recipe of one rule."""
    return people(f"- clean:\n  - {rule}")


def check(rule: str) -> str:
    """Return a recipe of one check."""
    return people(f"- validate:\n  - {rule}")


def source(connector: str) -> str:
    """Return a recipe of one source and nothing else."""
    return f"name: any\nsteps:\n- gather:\n  - {connector}\n"


def two(unify: str = "", *, right: str = "pets.csv", more: str = "") -> str:
    """Return a recipe over two files."""
    lines = [
        "name: two",
        "steps:",
        "- gather:",
        "  - people: {files: {path: people.csv}}",
        f"  - pets: {{files: {{path: {right}}}}}",
        *([f"  - {more}"] if more else []),
        *([f"- unify: {unify}"] if unify else []),
    ]
    return "\n".join(lines) + "\n"


SPLIT = "- split: {train: 0.8, test: 0.2}"
JOIN = "left: people, right: pets, by: name"

RECIPES: dict[str, tuple[str, str | None]] = {
    "yaml_broken": ("name: [a\nsteps:\n", None),
    "yaml_key_twice": ("name: a\nname: b\n", None),
    "yaml_is_a_list": ("- gather\n", None),
    "yaml_at_sign": (
        clean("trim: {columns: @text}"),
        clean("trim: {columns: '@text'}"),
    ),
    "recipe_without_name": ("steps: []\n", people("")),
    "recipe_name_is_a_path": (people("", name="a/b"), people("", name="a-b")),
    "recipe_unknown_field": ("name: a\nstep: []\n", people("")),
    "recipe_seed_is_text": (
        "name: a\nseed: seven\n",
        people("").replace("steps", "seed: 7\nsteps"),
    ),
    "recipe_steps_no_list": ("name: a\nsteps: {gather: []}\n", people("")),
    "step_unknown": (people("- cleen: [trim]"), people("- clean: [trim]")),
    "step_two_in_one": (
        people("- clean: [trim]\n  validate: []"),
        people("- clean: [trim]"),
    ),
    "step_no_list": (people("- clean: {trim: {}}"), people("- clean:\n  - trim: {}")),
    "rule_unknown": (clean("trimm"), clean("trim")),
    "check_unknown": (
        check("betwen: {column: age}"),
        check("between: {column: age, low: 0}"),
    ),
    "connector_unknown": (
        source("file: {path: people.csv}"),
        source("files: {path: people.csv}"),
    ),
    "connector_of_a_name_unknown": (
        source("north: {filez: {path: people.csv}}"),
        source("north: {files: {path: people.csv}}"),
    ),
    "augmenter_unknown": (people("- augment:\n  - rotat: {column: name}"), None),
    "field_unknown": (
        clean("fill_missing: {columns: age, strategie: mean}"),
        clean("fill_missing: {columns: age, strategy: mean}"),
    ),
    "field_missing": (clean("fill_missing: {}"), clean("fill_missing: {columns: age}")),
    "field_wrong_type": (
        clean("merge_rare: {columns: town, min_count: many}"),
        clean("merge_rare: {columns: town, min_count: 2}"),
    ),
    "field_wrong_choice": (
        clean("fill_missing: {columns: age, strategy: middle}"),
        None,
    ),
    "settings_no_mapping": (clean("trim: name"), clean("trim: {columns: name}")),
    "nothing_to_gather": ("name: a\nsteps:\n- clean: [trim]\n", clean("trim")),
    "gather_too_late": (
        "name: a\nsteps:\n- clean: [trim]\n- gather:\n  - files: {path: people.csv}\n",
        clean("trim"),
    ),
    "two_splits": (people(f"{SPLIT}\n{SPLIT}"), people(SPLIT)),
    "clean_below_augment": (
        people("- augment: []\n- clean: [trim]"),
        people("- clean: [trim]\n- augment: []"),
    ),
    "two_sources_of_one_name": (
        people("- gather:\n  - files: {path: pets.csv}\n- unify: {}"),
        people("- gather:\n  - north: {files: {path: pets.csv}}\n- unify: {}"),
    ),
    "roles_unknown": (
        people("- roles: {targat: label}"),
        people("- roles: {target: label}"),
    ),
    "roles_no_column": (
        people("- roles: {target: 3}"),
        people("- roles: {target: label}"),
    ),
    "roles_missing_column": (
        people("- roles: {target: lable}"),
        people("- roles: {target: label}"),
    ),
    "roles_id_made_later": (
        people("- roles: {id: who}\n- clean:\n  - rename: {names: {name: who}}"),
        people("- roles: {id: name}\n- clean:\n  - rename: {names: {name: who}}"),
    ),
    "target_dropped": (
        people(
            "- roles: {target: label}\n- clean:\n  - drop_columns: {columns: label}"
        ),
        people("- roles: {target: label}\n- clean:\n  - drop_columns: {columns: zip}"),
    ),
    "hidden_column_in_source": (people("", source="hidden.csv"), None),
    "hidden_column_made": (
        clean("derive: {into: _row, formula: age + 1}"),
        clean("derive: {into: row, formula: age + 1}"),
    ),
}

LEAKS: dict[str, tuple[str, str | None]] = {
    "leak_train": (
        people(f"- clean:\n  - fill_missing: {{columns: age}}\n{SPLIT}"),
        people(f"{SPLIT}\n- clean:\n  - fill_missing: {{columns: age}}"),
    ),
    "leak_company": (
        people(f"{SPLIT}\n- clean:\n  - drop_duplicates"),
        people(f"- clean:\n  - drop_duplicates\n{SPLIT}"),
    ),
    "leak_target": (
        people(
            "- roles: {target: town}\n- clean:\n"
            "  - dependency: {given: zip, columns: town, min_rows: 1}"
        ),
        people(
            "- roles: {target: town}\n- clean:\n"
            "  - dependency: {given: zip, columns: label, min_rows: 1}"
        ),
    ),
    "leak_augment": (
        people(f"- augment:\n  - rotate: {{column: name}}\n{SPLIT}"),
        None,
    ),
    "scope_train_above_split": (
        people(f"- clean:\n  - trim: {{scope: train}}\n{SPLIT}"),
        people(f"{SPLIT}\n- clean:\n  - trim: {{scope: train}}"),
    ),
    "scope_train_changes_type": (
        people(f"{SPLIT}\n- clean:\n  - to_number: {{columns: zip, scope: train}}"),
        people(f"{SPLIT}\n- clean:\n  - to_number: {{columns: zip}}"),
    ),
    "split_shares": (
        people("- split: {train: 0.8, test: 0.3}"),
        people("- split: {train: 0.8, test: 0.2}"),
    ),
    "split_no_train": (people("- split: {dev: 0.8, test: 0.2}"), people(SPLIT)),
    "split_no_number": (people("- split: {train: most}"), people(SPLIT)),
    "split_no_mapping": (people("- split: 0.8"), people(SPLIT)),
    "split_both_ways": (
        people("- split: {given: label, train: 0.8, test: 0.2}"),
        people(SPLIT),
    ),
    "split_missing_column": (
        people("- split: {train: 0.8, test: 0.2, by: towns}"),
        people("- split: {train: 0.8, test: 0.2, by: town}"),
    ),
    "split_given_number": (
        people("- split: {given: age}"),
        people(
            "- clean:\n  - derive: {into: side, formula: \"case when age > 30 then 'train' "
            "else 'test' end\"}\n- split: {given: side}"
        ),
    ),
    "split_given_without_train": (
        people("- split: {given: side}", source="given.csv"),
        people("- split: {given: side}", source="given_train.csv"),
    ),
    "split_given_with_gaps": (
        people("- split: {given: side}", source="given_gaps.csv"),
        people(
            "- clean:\n  - drop_missing: {columns: side}\n- split: {given: side}",
            source="given_gaps.csv",
        ),
    ),
}

JOINS: dict[str, tuple[str, str | None]] = {
    "sources_without_unify": (two(), two("{stack: [people, pets]}")),
    "source_never_used": (
        two("{stack: [people]}"),
        two("{stack: [people, pets]}"),
    ),
    "stack_unknown_source": (
        two("{stack: [people, cats]}"),
        two("{stack: [people, pets]}"),
    ),
    "stack_types_differ": (
        two("{stack: [people, pets]}", right="ages.csv"),
        two("{stack: [people, pets]}", right="ages.csv").replace(
            ".csv}", ".csv, types: text}"
        ),
    ),
    "join_unknown_source": (
        two("{join: [{left: people, right: cats, by: name}]}"),
        None,
    ),
    "join_without_key": (
        two("{join: [{left: people, right: pets}]}"),
        two(f"{{join: [{{{JOIN}}}]}}"),
    ),
    "join_by_number": (two("{join: [{left: people, right: pets, by: 3}]}"), None),
    "join_unknown_how": (
        two(f"{{join: [{{{JOIN}, how: outer}}]}}"),
        two(f"{{join: [{{{JOIN}, how: inner}}]}}"),
    ),
    "join_unknown_field": (
        two(f"{{join: [{{{JOIN}, expekt: one-to-one}}]}}"),
        two(f"{{join: [{{{JOIN}, expect: many-to-one}}]}}"),
    ),
    "join_missing_column": (
        two("{join: [{left: people, right: pets, by: nam}]}"),
        two("{join: [{left: people, right: pets, by: name}]}"),
    ),
    "join_types_differ": (
        two(f"{{join: [{{{JOIN}}}]}}", right="numbered.csv"),
        two(f"{{join: [{{{JOIN}}}]}}", right="numbered.csv").replace(
            ".csv}", ".csv, types: text}"
        ),
    ),
    "join_right_twice": (two(f"{{join: [{{{JOIN}}}]}}", right="pets_twice.csv"), None),
    "join_left_twice": (
        two(f"{{join: [{{{JOIN}, expect: one-to-one}}]}}"),
        two(f"{{join: [{{{JOIN}, expect: many-to-one}}]}}"),
    ),
    "join_left_is_not_the_frame": (
        two(
            f"{{join: [{{{JOIN}}}, {{left: pets, right: more, by: name}}]}}",
            more="more: {files: {path: other.csv}}",
        ),
        two(
            f"{{join: [{{{JOIN}}}, {{left: people, right: more, by: name}}]}}",
            more="more: {files: {path: other.csv}}",
        ),
    ),
    "join_with_itself": (
        two("{join: [{left: people, right: people, by: name}]}"),
        None,
    ),
}

RULES: dict[str, tuple[str, str | None]] = {
    "column_missing": (clean("trim: {columns: nam}"), clean("trim: {columns: name}")),
    "column_group_unknown": (
        clean("trim: {columns: '@txt'}"),
        clean("trim: {columns: '@text'}"),
    ),
    "column_wrong_type": (clean("trim: {columns: age}"), None),
    "all_columns_dropped": (
        clean("drop_columns: {columns: '@all'}"),
        clean("drop_columns: {columns: '@numeric'}"),
    ),
    "apply_no_module": (clean("apply: {columns: name, function: 'nowhere:f'}"), None),
    "apply_no_into": (
        clean("apply: {columns: [name, town], function: 'builtins:str'}"),
        clean("apply: {columns: [name, town], function: 'builtins:str', into: all}"),
    ),
    "apply_wrong_value": (
        clean("apply: {columns: name, function: 'builtins:len'}"),
        clean(
            "apply: {columns: name, function: 'builtins:len', into: n, returns: int}"
        ),
    ),
    "clip_no_bound": (
        clean("clip: {columns: age}"),
        clean("clip: {columns: age, low: 0, high: 99}"),
    ),
    "clip_upside_down": (
        clean("clip: {columns: age, low: 9, high: 1}"),
        clean("clip: {columns: age, low: 1, high: 9}"),
    ),
    "clip_quantiles": (
        clean("clip: {columns: age, quantiles: [1, 99]}"),
        clean("clip: {columns: age, quantiles: [0.01, 0.99]}"),
    ),
    "dependency_share": (
        clean("dependency: {given: zip, columns: town, at_least: 80}"),
        clean("dependency: {given: zip, columns: town, at_least: 0.8}"),
    ),
    "dependency_rows": (
        clean("dependency: {given: zip, columns: town, min_rows: 0}"),
        clean("dependency: {given: zip, columns: town, min_rows: 3}"),
    ),
    "dependency_on_itself": (clean("dependency: {given: zip, columns: zip}"), None),
    "derive_no_sql": (
        clean("derive: {into: x, formula: 'age +'}"),
        clean("derive: {into: x, formula: 'age * age'}"),
    ),
    "derive_other_rows": (clean("derive: {into: x, formula: 'sum(age)'}"), None),
    "derive_taken": (
        clean("derive: {into: age, formula: 'age + 1'}"),
        clean("derive: {into: older, formula: 'age + 1'}"),
    ),
    "derive_no_name": (
        clean("derive: {into: '', formula: 'age + 1'}"),
        clean("derive: {into: speed, formula: 'age + 1'}"),
    ),
    "derive_columns": (
        clean("derive: {columns: age, into: older, formula: 'age + 1'}"),
        clean("derive: {into: older, formula: 'age + 1'}"),
    ),
    "fill_value_without_strategy": (
        clean("fill_missing: {columns: age, value: 0}"),
        clean("fill_missing: {columns: age, strategy: value, value: 0}"),
    ),
    "lookup_no_file": (
        clean("lookup: {table: land.csv, by: town, take: [land]}"),
        clean("lookup: {table: lands.csv, by: town, take: [land]}"),
    ),
    "lookup_key_twice": (
        clean("lookup: {table: lands_twice.csv, by: town, take: [land]}"),
        None,
    ),
    "lookup_takes_its_key": (
        clean("lookup: {table: lands.csv, by: town, take: [town]}"),
        clean("lookup: {table: lands.csv, by: town, take: [land]}"),
    ),
    "lookup_other_file": (
        clean("lookup: {table: lands.xlsx, by: town, take: [land]}"),
        None,
    ),
    "merge_rare_count": (
        clean("merge_rare: {columns: town, min_count: 0}"),
        clean("merge_rare: {columns: town, min_count: 2}"),
    ),
    "null_tokens_none": (
        clean("null_tokens: {tokens: []}"),
        clean("null_tokens: {tokens: ['', 'n/a']}"),
    ),
    "rename_nothing": (
        clean("rename: {}"),
        clean("rename: {names: {name: who}}"),
    ),
    "rename_taken": (
        clean("rename: {names: {name: town}}"),
        clean("rename: {names: {name: who}}"),
    ),
    "to_date_format": (
        clean("to_date: {columns: day, format: '%d.%m'}"),
        None,
    ),
    "to_number_marks": (
        clean("to_number: {columns: zip, decimal: ',', thousands: ','}"),
        clean("to_number: {columns: zip, decimal: ',', thousands: '.'}"),
    ),
    "to_number_strict": (
        clean("to_number: {columns: town, unparsable: error}"),
        clean("to_number: {columns: town, unparsable: 'null'}"),
    ),
    "between_no_bound": (
        check("between: {column: age}"),
        check("between: {column: age, low: 0}"),
    ),
    "between_upside_down": (
        check("between: {column: age, low: 300, high: 0}"),
        check("between: {column: age, low: 0, high: 300}"),
    ),
    "between_no_date": (
        check("between: {column: day, low: yesterday}"),
        None,
    ),
    "matches_pattern": (check("matches: {column: zip, pattern: '('}"), None),
    "one_of_nothing": (
        check("one_of: {column: label, values: []}"),
        check("one_of: {column: label, values: ['yes', 'no']}"),
    ),
    "unique_twice": (
        check("unique: {column: [name, name]}"),
        None,
    ),
    "check_wrong_type": (check("between: {column: town, low: 0}"), None),
    "check_failed": (
        check("between: {column: age, low: 0, high: 120}"),
        check("between: {column: age, low: 0, high: 120, severity: warning}"),
    ),
    "augment_no_copies": (
        people("- augment:\n  - rotate: {column: name, copies: 0}"),
        None,
    ),
    "augment_degrees": (
        people("- augment:\n  - rotate: {column: name, max_degrees: 0}"),
        None,
    ),
    "augment_wrong_type": (people("- augment:\n  - rotate: {column: name}"), None),
}

SOURCES: dict[str, tuple[str, str | None]] = {
    "file_missing": (
        source("files: {path: peple.csv}"),
        source("files: {path: people.csv}"),
    ),
    "file_pattern": (source("files: {path: 'data/*.csv'}"), None),
    "file_empty": (source("files: {path: empty.csv}"), None),
    "file_ragged": (source("files: {path: ragged.csv}"), None),
    "file_header_twice": (source("files: {path: twice.csv}"), None),
    "file_header_unnamed": (source("files: {path: unnamed.csv}"), None),
    "file_unknown_ending": (
        source("files: {path: odd.dat}"),
        source("files: {path: odd.dat, format: csv}"),
    ),
    "file_separator": (
        source("files: {path: people.csv, separator: ';;'}"),
        source("files: {path: people.csv, separator: ','}"),
    ),
    "file_no_path": (source("files: {path: ''}"), None),
    "file_address": (source("files: {path: 'https://example.org/a.csv'}"), None),
    "file_folder": (source("files: {path: photos}"), None),
    "files_differ": (source("files: {path: 'part_*.csv'}"), None),
    "zip_damaged": (source("files: {path: bad.zip}"), None),
    "gzip_damaged": (source("files: {path: bad.csv.gz}"), None),
    "json_lines_damaged": (
        source("files: {path: bad.ndjson}"),
        source("files: {path: good.ndjson}"),
    ),
    "parquet_damaged": (source("files: {path: not.parquet}"), None),
    "images_no_folder": (source("image_folder: {path: pictures}"), None),
    "images_none": (source("image_folder: {path: photos}"), None),
    "sql_no_table": (
        source("sql: {url: 'env:SHOP_DB', table: sales}"),
        source("sql: {url: 'env:SHOP_DB', table: sale}"),
    ),
    "sql_both": (
        source("sql: {url: 'env:SHOP_DB', table: sale, query: SELECT 1}"),
        source("sql: {url: 'env:SHOP_DB', query: SELECT * FROM sale WHERE n > 3}"),
    ),
    "sql_refused": (source("sql: {url: 'env:SHOP_DB', query: SELEKT 1}"), None),
    "sql_no_file": (source("sql: {url: 'env:GONE_DB', table: sale}"), None),
    "secret_missing": (source("sql: {url: 'env:NO_SUCH_DB', table: sale}"), None),
    "secret_in_the_clear": (
        source("sql: {url: 'sqlite:///shop.db', table: sale}"),
        source("sql: {url: 'env:SHOP_DB', table: sale}"),
    ),
}

CASES: dict[str, tuple[str, str | None]] = {
    **RECIPES,
    **LEAKS,
    **JOINS,
    **RULES,
    **SOURCES,
}
