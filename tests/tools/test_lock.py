"""A lock that no longer fits what the project asks for fails the check."""

from tools.lock import pins, unmet

LOCK = """# made by a program
django==5.2.19 \\
    --hash=sha256:00
    # via xiaocheng
pysqlite3==0.6.1 ; sys_platform == 'linux' \\
    --hash=sha256:11
"""


def test_a_requirement_that_the_lock_lacks_or_misses_is_found() -> None:
    found = pins(LOCK)
    assert found == {"django": "5.2.19", "pysqlite3": "0.6.1"}
    assert list(unmet(["Django>=5.2,<5.3", "pysqlite3>=0.6; sys_platform == 'linux'"], found, "lock")) == []
    assert list(unmet(["django>=6", "numpy"], found, "lock")) == [
        "lock has django 5.2.19, wanted is >=6",
        "lock lacks numpy",
    ]
