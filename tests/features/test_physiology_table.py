import numpy as np
import pytest

from replica.features import physiology_table


@pytest.fixture
def table(tmp_path):
    def write(text):
        (tmp_path / "P16.csv").write_text(text)
        return tmp_path / "P16.csv"

    return write


def rows(rate, count, *, decimals=3, separator=";", header="time;EDA;ECG"):
    lines = [separator.join([f"{k / rate:.{decimals}f}", f"{k}", f"{-k}"]) for k in range(count)]
    return "\n".join([header, *lines]) + "\n"


@pytest.mark.parametrize(("rate", "decimals"), [(1000, 3), (250, 3), (250, 2), (360, 4), (25, 2)])
def test_signal_and_rate_by_hand(table, rate, decimals):
    signal, found = physiology_table.read(table(rows(rate, 3000, decimals=decimals)), "ecg")
    assert signal.tolist() == [-float(k) for k in range(3000)]
    assert found == pytest.approx(rate, rel=5e-4)  # times are rounded
    assert physiology_table.read(table(rows(rate, 30000, decimals=decimals)), "eda")[1] == rate


def test_names_in_any_order_and_case_and_commas(table):
    signal, _ = physiology_table.read(table(rows(100, 9, separator=",", header="Time , ecg, eda ")), "ecg")
    assert signal.tolist() == list(range(9))


def test_a_missing_value_is_nan(table):
    text = rows(100, 9).replace("0.040;4;-4", "0.040;4;").replace("0.050;5;-5", "0.050;5;?")
    signal, _ = physiology_table.read(table(text), "ecg")
    assert np.flatnonzero(np.isnan(signal)).tolist() == [4, 5]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "Copy the file again"),
        ("time;ECG\n", "Correct what is no number"),
        (rows(100, 9, header="t;EDA;ECG"), "Name the columns so"),
        (rows(100, 9, header="time;EDA;HR"), "Name the columns so"),
        (rows(100, 9).replace("-4", "abc"), "Correct what is no number"),
        (rows(100, 9).replace("0.040", "later"), "Correct what is no number"),
        (rows(100, 9, header="time;EDA;eda"), "each column once"),
        (rows(100, 9, header="time;ECG;ECG"), "each column once"),
        (rows(100, 9, header="Time;time;ECG"), "each column once"),
        (rows(100, 1), "two rows of numbers or more"),
        (rows(1, 9), "Write its times in seconds"),
        (rows(19.9, 90), "at 20 to 20000 Hz"),
        (rows(20_400, 9000, decimals=7), "at 20 to 20000 Hz"),
        (rows(100, 9).replace("0.080", "0.000"), "times in even steps|in seconds"),
        ("time;EDA;ECG\n" + "".join(f"{(k + 50 * (k > 200)) / 100};1;1\n" for k in range(400)), "Fill in the rows"),
        ("time;EDA;ECG\n1;2;3;4\n1;2\n", "Correct what|Copy the file|in seconds|Name the columns"),
    ],
)
def test_a_bad_table_is_named_with_its_cause(table, text, remedy):
    path = table(text)
    with pytest.raises(ValueError, match=remedy) as error:
        physiology_table.read(path, "ecg")
    assert str(path) in str(error.value)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="Correct the path"):
        physiology_table.read(tmp_path / "none.csv", "ecg")


@pytest.mark.parametrize("start", [0.0, 10.0, -3.0])
def test_times_may_start_anywhere(table, start):
    lines = [f"{start + k / 250:.3f};{k}" for k in range(500)]
    signal, rate = physiology_table.read(table("\n".join(["time;ECG", *lines])), "ecg")
    assert (len(signal), rate) == (500, 250.0)


@pytest.mark.parametrize("rate", [20.5, 999.3, 20_000])
def test_a_rate_that_is_no_whole_number_is_kept(table, rate):
    _, found = physiology_table.read(table(rows(rate, 3000, decimals=9)), "ecg")
    assert found == pytest.approx(rate, rel=1e-9)


def test_two_rows_are_enough(table):
    signal, rate = physiology_table.read(table(rows(100, 2)), "ecg")
    assert (signal.tolist(), rate) == ([0.0, -1.0], 100.0)
