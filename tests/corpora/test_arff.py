"""Tables in text: what a header may look like, what is left out, and how each kind of damage is told."""

import numpy as np
import pytest

from replica.corpora import arff

HEADER = "@relation test\n@attribute frameTime numeric\n@attribute a numeric\n@attribute b numeric\n@data\n"


def write(folder, text, name="dev_1.arff"):
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


# Hand values


def test_a_table_by_hand(tmp_path):
    table = arff.read(write(tmp_path, HEADER + "0,1.5,-2\n0.04,?,3e-1\n"))
    assert table.columns == ("a", "b")
    np.testing.assert_array_equal(table.values, np.float32([[1.5, -2], [np.nan, 0.3]]))
    assert table.values.dtype == np.float32
    assert table.values.flags.c_contiguous


def test_the_gold_standard_of_the_challenge_is_its_last_column(tmp_path):
    text = """@relation GOLDSTANDARD_AROUSAL

@attribute Instance_name string
@attribute frameTime numeric
@attribute GoldStandard numeric

@data

dev_1,0.04,-0.25
"""
    table = arff.read(write(tmp_path, text))
    assert (table.columns, table.values.tolist()) == (("GoldStandard",), [[-0.25]])


@pytest.mark.parametrize(
    "name", ["name", "class", "frameTime", "frametime", "FRAMETIME", "timeStamp", "TimeStamp", "Instance_name", "time"]
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_columns_that_are_no_features_are_left_out_wherever_they_stand(tmp_path, name, place):
    names, row = ["a", "b"], ["1", "2"]
    names.insert(place, name)
    row.insert(place, "?" if name == "class" else "'dev 1'")
    header = "".join(f"@attribute {n} {'{x,y}' if n == name else 'real'}\n" for n in names)
    table = arff.read(write(tmp_path, f"@relation r\n{header}@data\n{','.join(row)}\n"))
    assert (table.columns, table.values.tolist()) == (("a", "b"), [[1, 2]])


def test_a_feature_is_kept_whose_name_only_contains_one_of_these(tmp_path):
    table = arff.read(write(tmp_path, HEADER.replace(" b ", " lifetime ") + "0,1,2\n"))
    assert table.columns == ("a", "lifetime")


@pytest.mark.parametrize(
    "text",
    [
        HEADER.replace("\n", "\r\n") + "0,1,2\r\n0.04,3,4\r\n",
        "\ufeff" + HEADER + "0,1,2\n0.04,3,4\n",
        HEADER.upper().replace(" A ", " a ").replace(" B ", " 'b' ") + "0,1,2\n0.04,3,4\n",
        HEADER.replace("@attribute", "\t@attribute") + "0,1,2\n0.04,3,4",
        "% made by x\n"
        + HEADER.replace("@data", "% @data is next\n @data ")
        + "% first\n\n0, 1, 2\n \n%\n0.04,3 ,4 \n\n",
    ],
    ids=["crlf", "byte order mark", "upper case and quotes", "tabs, no last newline", "comments and blanks"],
)
def test_spellings_of_one_table(tmp_path, text):
    table = arff.read(write(tmp_path, text))
    assert (table.columns, table.values.tolist()) == (("a", "b"), [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    "text",
    ["time;FM1 ;FF1 \n0;0.1;-1\n0.04;0.2;1\n", "time,FM1,FF1\r\n0,0.1,-1\r\n0.04,0.2,1"],
    ids=["the raters'", "commas"],
)
def test_csv_is_led_by_a_line_of_names(tmp_path, text):
    table = arff.read(write(tmp_path, text, "dev_1.csv"))
    assert table.columns == ("FM1", "FF1")
    np.testing.assert_array_equal(table.values, np.float32([[0.1, -1], [0.2, 1]]))


def test_a_missing_value_may_have_blanks(tmp_path):
    assert np.isnan(arff.read(write(tmp_path, HEADER + "0, ? ,?\n")).values).all()


def test_a_quote_in_a_name_hides_no_row(tmp_path):
    header = HEADER.replace("frameTime numeric", "name string")
    assert arff.read(write(tmp_path, header + '"x,1,2\ny",3,4\n')).values.tolist() == [[1, 2], [3, 4]]


# An independent reading


def test_values_are_the_nearest_float32_as_python_reads_them(tmp_path):
    rng = np.random.default_rng(4)
    texts = [f"{x:.{digits}g}" for digits in (3, 6, 9, 17) for x in rng.standard_normal(250) * 10 ** rng.uniform(-8, 8)]
    rows = [texts[k : k + 2] for k in range(0, len(texts), 2)]
    table = arff.read(write(tmp_path, HEADER + "".join(f"0,{a},{b}\n" for a, b in rows)))
    np.testing.assert_array_equal(table.values, np.array([[float(x) for x in row] for row in rows], "float32"))


# Degenerate input


def test_no_rows(tmp_path):
    assert arff.read(write(tmp_path, HEADER)).values.shape == (0, 2)
    assert arff.read(write(tmp_path, "a,b", "dev_1.csv")).values.shape == (0, 2)


def test_lines_are_counted_in_the_file(tmp_path):
    table = arff.read(write(tmp_path, HEADER + "0,1,2\n\n% a note\n0.04,3,4\n"))
    assert [table.line(row) for row in (0, 1)] == [6, 9]
    assert arff.read(write(tmp_path, "a,b\n1,2\n\n3,4\n", "dev_1.csv")).line(1) == 4


# Errors


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("0,1,2\n0.04,1\n", r"3 values in each row.*Received 2 in line 7\. .*copy it again"),
        ("0,1,2\n0.04,1,2,3\n", r"3 values in each row.*Received 4 in line 7"),
        ("0,1,2,3\n0.04,1\n", r"Received 4 in line 6"),
        ("0,1,2\n0.04,1,\n", r"a finite number or '\?' in the column 'b'. Received '' in line 7"),
        ("0,1,2\n0.04,one,2\n", r"column 'a'. Received 'one' in line 7. Correct the value"),
        ("0,1,2\n\n%\n0.04,1,0x10\n", r"column 'b'. Received '0x10' in line 9"),
        ("0,1,nan\n", r"column 'b'. Received 'nan' in line 6"),
        ("0,1,2\n0,-inf,2\n", r"column 'a'. Received '-inf' in line 7"),
        ("0,1e39,2\n", r"column 'a'. Received '1e39' in line 6"),
        ("0,1e" + "9" * 400 + ",2\n", r"column 'a'. Received '1e9+' in line 6"),
        ("0,1,2\n0,1e-" + "9" * 400 + ",2\n", r"column 'a'. Received '1e-9+' in line 7"),
        ("0,1,2\0\n", r"column 'b'. Received '2.x00' in line 6"),
        ("0,1_0,2\n", r"column 'a'. Received '1_0' in line 6"),
        ("0;1;2\n", r"3 values in each row.*Received 1 in line 6"),
    ],
)
def test_a_damaged_row_is_told_with_its_line(tmp_path, rows, message):
    file = write(tmp_path, HEADER + rows)
    with pytest.raises(ValueError, match=f"{file} must hold .*{message}"):
        arff.read(file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER[:60], r"a line @data between header and rows. Received 60 bytes without one. .* copy it again"),
        (b"", r"a line @data .*Received 0 bytes"),
        (b"\x80\x04\x95binary", r"a line @data"),
        (HEADER.replace("@attribute a", "@column a"), r"'@attribute name type'.*'@column a numeric' in line 3"),
        (HEADER.replace("b numeric", "b"), r"'@attribute name type'.*'@attribute b' in line 4. Correct the header"),
        (HEADER.replace("b numeric", "b string"), r"columns of the types .*'numeric'.*'b' of type 'string' in line 4"),
        (HEADER.replace(" b ", " a "), r"columns of different names. Received more than one of \['a'\]. Correct"),
        (
            "@relation r\n@attribute name string\n@data\nx\n",
            r"a column beside \['class',.*Received the columns \['name'\]",
        ),
    ],
)
def test_a_damaged_header_is_told(tmp_path, text, message):
    file = write(tmp_path, text)
    with pytest.raises(ValueError, match=f"{file} must hold .*{message}"):
        arff.read(file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0;0.1;0.2\n", r"names of the columns in its first line. Received '0;0.1;0.2'. Add the line of names"),
        ("", r"columns of different names. Received a column without a name"),
        ("a;;b\n", r"a column without a name among 3"),
    ],
)
def test_a_csv_without_names_is_refused(tmp_path, text, message):
    file = write(tmp_path, text, "dev_1.csv")
    with pytest.raises(ValueError, match=f"{file} must hold .*{message}"):
        arff.read(file)
