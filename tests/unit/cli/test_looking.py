from seedbed.dataset import open_dataset


def test_log(two):
    said = two("log", "people").stdout
    assert "first" in said
    assert "second" in said
    versions = two.json("log", "people")
    assert [v["number"] for v in versions] == [1, 2]
    assert versions[1]["parent"] == versions[0]["id"]


def test_diff(two):
    said = two("diff", "people@1", "people@2").stdout
    assert "cells changed" in said
    assert "+  - merge_rare: {columns: town, min_count: 25}" in said
    found = two.json("diff", "people@1", "people@2")
    assert not found["same"]
    assert {d["column"] for d in found["differences"]} == {"town"}
    assert all(s["after"] == "other" for s in found["samples"])


def test_diff_of_a_version_with_itself(two):
    assert "the same" in two("diff", "people@1", "people@1").stdout
    assert two.json("diff", "people", "people")["same"]


def test_show(two):
    said = two("show", "people@1", "--split", "test", "--rows", "3").stdout
    for words in (
        "people.csv",
        "target",
        "not stated",
        "Int64",
        "3 rows of 'test'",
        "first",
    ):
        assert words in said
    found = two.json("show", "people", "--rows", "2")
    assert found["number"] == 2
    assert len(found["head"]) == 2
    assert found["roles"] == {"target": "town"}
    assert found["sources"][0]["rows"] == 60
    assert found["columns"]["age"] == "Int64"


def test_show_of_a_wide_frame(seedbed):
    names = [f"c{n}" for n in range(30)]
    row = ",".join("2013" for _ in names)
    (seedbed.folder / "wide.csv").write_text(f"{','.join(names)}\n{row}\n")
    (seedbed.folder / "wide.yaml").write_text(
        "name: wide\nsteps:\n- gather: [{files: {path: wide.csv}}]\n"
    )
    seedbed("run", "wide.yaml")
    said = seedbed("show", "wide").stdout
    assert "columns 21 to 30" in said
    assert "2013" in said
    assert "2,013" not in said


def test_show_no_rows(two):
    assert two.json("show", "people", "--rows", "0")["head"] == []
    two("show", "people", "--rows", "0")


def test_why(two):
    assert "gathered      from source 'files'" in two("why", "people", "0").stdout
    found = two.json("why", "people@1", "0")
    assert found["version"].startswith("people@")
    assert any("fill_missing" in line for line in found["story"])


def test_why_takes_an_id(two):
    rows = open_dataset("people", store="seedbed-store").split(ids=True).collect()
    from seedbed.core.identity import to_hex

    row = to_hex(rows["_id"][0])
    assert row in two("why", "people", row).stdout


def test_what_is_not_there(two):
    assert "there is no dataset 'peple'" in two("log", "peple", code=3).stderr
    assert "did you mean 'people'" in two("show", "peple", code=3).stderr
    assert "no version" in two("diff", "people@1", "people@9", code=3).stderr
    assert "there is no row" in two("why", "people", "999", code=3).stderr
    assert "there is no split" in two("show", "people", "--split", "dev", code=3).stderr
    assert "there is no store" in two("log", "people", "--store", "none", code=3).stderr
    assert not (two.folder / "none").exists()
