"""Say why this Python cannot run the project, or nothing when it can. Written for the oldest Python it may meet."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # this is where it is found out
    print("is Python %d.%d.%d" % sys.version_info[:3])  # noqa: UP031  # an old Python reads this
    sys.exit(3)

for module in ("ensurepip", "venv", "sqlite3", "ssl"):
    try:
        __import__(module)
    except ImportError:
        print("has no module " + module)
        sys.exit(4)
