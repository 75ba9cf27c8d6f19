def test_a_recipe_on_its_own_sources(seedbed):
    said = seedbed("check", seedbed.recipe()).stdout
    assert "not_null" in said
    assert not (seedbed.folder / "seedbed-store").exists()


def test_nothing_found(seedbed):
    (seedbed.folder / "whole.csv").write_text(
        "name,town,age\n" + "ann,Ulm,31\nbob,Bonn,7\n" * 9
    )
    said = seedbed("check", "whole.csv", "--with", seedbed.recipe()).stdout
    assert "2 checks, nothing found in 18 rows" in said


def test_another_file_for_its_source(seedbed):
    (seedbed.folder / "new.csv").write_text("name,town,age\n" + "ann,Ulm,300\n" * 9)
    said = seedbed("check", "new.csv", "--with", seedbed.recipe(), code=1).stdout
    assert "between" in said
    assert "error" in said


def test_as_json(seedbed):
    found = seedbed.json("check", seedbed.recipe(high=20), code=1)
    assert not found["ok"]
    assert found["checks"] == 2
    assert [f["severity"] for f in found["findings"]] == ["error", "warning"]
    assert found["findings"][0]["where"] == "steps[2].validate[0]"


def test_a_file_that_lacks_a_column(seedbed):
    (seedbed.folder / "new.csv").write_text("name,town\nann,Ulm\n")
    result = seedbed("check", "new.csv", "--with", seedbed.recipe(), code=2)
    assert "'age'" in result.stderr


def test_a_file_that_is_not_there(seedbed):
    seedbed("check", "nowhere.csv", "--with", seedbed.recipe(), code=3)
