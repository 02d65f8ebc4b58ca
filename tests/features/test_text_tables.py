import pytest

from replica.features.text_tables import uneven_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a;b\n1;2\n3;4\n", None),
        ("a;b\r\n1;2\r\n\r\n3;4", None),
        ('"a";"b"\r"1";2', None),
        ("a;b\n1;2\n3\n", 3),
        ("a;b\n1;2;3\n", 2),
        ("a;b\n\n1;2\n;3;\n", 4),
        ('a;b\n"1;2"\n', 2),  # a reader of tables would take it for one field
        ('a;b\n1;"2\n3;4"\n', 2),
        ("a;b\n1;2\0\n", 2),
        ("a;b\n1;2e99999\n", 2),
        ("a;b\n1;2e-308\n", None),
        ("", None),
    ],
)
def test_lines_by_hand(text, line):
    assert uneven_line(text.encode(), ";") == line
