"""A table in an .npz file whose rows are read when they are needed: most never are.

Mapped into memory, nearly all of it would come to stand there, since the kernel reads a file's
pages with their neighbours. A row's bytes take some microseconds to read, once each.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import numpy as np
import numpy.typing as npt

LENGTHS = 26  # bytes into a member's header, the lengths of its name and of what follows: APPNOTE
SIZES = struct.Struct("<HH")


class Rows:
    """A table of bytes, rows × columns, stored uncompressed under a name of the file."""

    def __init__(self, path: Path, name: str) -> None:
        """Open the file, for as long as the process runs. Raises ValueError for another table."""
        with ZipFile(path) as archive:
            member = archive.getinfo(f"{name}.npy")
        with path.open("rb") as file:
            file.seek(member.header_offset + LENGTHS)
            file.seek(sum(SIZES.unpack(file.read(SIZES.size))), os.SEEK_CUR)
            stored = member.compress_type == ZIP_STORED and np.lib.format.read_magic(file) == (1, 0)
            if not stored:
                raise ValueError(f"{path}: {name} is compressed; store it with numpy.savez")
            self.shape, by_column, dtype = np.lib.format.read_array_header_1_0(file)
            if by_column or dtype != np.int8:
                raise ValueError(f"{path}: {name} is no table of bytes, row by row")
            self._start = file.tell()
        self._file = os.open(path, os.O_RDONLY)

    def read(self, numbers: Sequence[int]) -> npt.NDArray[np.int8]:
        """Return some rows."""
        width = self.shape[1]
        rows = (os.pread(self._file, width, self._start + width * one) for one in numbers)
        return np.frombuffer(b"".join(rows), np.int8).reshape(-1, width)
