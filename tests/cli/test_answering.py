"""`ask` and `chat` in a real process: exit codes, plain text in a pipe, one JSON line a line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.planted import TOKEN


def warmstart(
    *arguments: str, stdin: str = "", cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parent.parent.parent
    clean = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root), "LANG": "C.UTF-8"}
    planted = {} if "run" in arguments else {"DISCORD_TOKEN": TOKEN}  # none tells it
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=clean | planted | (env or {}),
        timeout=60,
        check=False,
    )
    assert TOKEN not in done.stdout + done.stderr
    return done


def test_ask_prints_a_plain_card_into_a_pipe(tmp_path: Path) -> None:
    done = warmstart("ask", "how do I start with deep learning?", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "fast.ai" in done.stdout
    assert "https://course.fast.ai/" in done.stdout
    assert "\x1b" not in done.stdout
    assert list(tmp_path.iterdir()) == [], "asking must leave nothing behind"


def test_ask_explains_a_match_to_maintainers(tmp_path: Path) -> None:
    done = warmstart("ask", "--explain", "which textbok should I read?", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "textbok → textbook" in done.stdout
    assert "reading" in done.stdout
    assert "decided:" in done.stdout


def test_ask_exits_0_when_nothing_fits(tmp_path: Path) -> None:
    done = warmstart("ask", "who won the football match last night", cwd=tmp_path)
    assert done.returncode == 0
    assert "I only know about" in done.stdout


def test_jsonl_answers_line_by_line_and_flags_broken_lines(tmp_path: Path) -> None:
    lines = ["is fast.ai free?", "", '{"question": "which book?"}', "{broken", '{"q": 1}', "pizza"]
    done = warmstart("ask", "--jsonl", stdin="\n".join(lines) + "\n", cwd=tmp_path)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert len(records) == len(lines)
    assert [("error" in record) for record in records] == [False, True, False, True, True, False]
    for record in records:
        if "error" in record:
            continue
        assert set(record) == {"question", "decision", "topic", "resources", "candidates"}
        scores = [candidate["score"] for candidate in record["candidates"]]
        assert len(scores) >= 5
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert (record["topic"] is not None) == (record["decision"] == "answer")
    assert records[2]["topic"] == "reading"
    assert records[5]["decision"] == "none"


def test_jsonl_survives_bytes_that_are_no_text(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        input=b"\xff\xfe\x00\nwhat books?\r\n",
        capture_output=True,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root)},
        timeout=60,
        check=False,
    )
    assert len(done.stdout.splitlines()) == 2


def test_jsonl_survives_half_characters_and_a_byte_order_mark(tmp_path: Path) -> None:
    lines = '\ufeff{"question": "which book?"}\n{"question": "\\ud800 which book?"}\nis it free?\n'
    done = warmstart("ask", "--jsonl", stdin=lines, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[0])["topic"] == "reading"
    assert len(done.stdout.splitlines()) == 3


def test_an_old_terminal_gets_an_answer_too(tmp_path: Path) -> None:
    done = warmstart(
        "ask", "is fast.ai free?", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii:strict"}
    )
    assert done.returncode == 0, done.stderr


def test_variables_of_options_may_stand_in_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WARMSTART_ON=discord\n")
    done = warmstart("run", cwd=tmp_path)
    assert done.returncode == 2
    assert "DISCORD_TOKEN" in done.stderr


def test_chat_understands_a_follow_up_and_leaves_on_end_of_input(tmp_path: Path) -> None:
    done = warmstart("chat", stdin="tell me about fast.ai\nis it free?\n", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("course.fast.ai") >= 2


def test_chat_shows_the_one_meant_its_fact_and_that_it_did_not_understand(tmp_path: Path) -> None:
    said = "best books?\nwhat about the first one?\nwho made it?\nand no. 2?\nhuh?\n"
    done = warmstart("chat", stdin=said, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "First step: " in done.stdout
    assert "free online book: Michael Nielsen" in done.stdout
    assert "https://udlbook.github.io" in done.stdout
    assert "I didn't get that." in done.stdout


CASES = [
    (["ask"], {}, "in quotes"),
    (["ask", "--knowledge", "nowhere", "hello"], {}, "no such folder"),
    (["run", "--on", "discord"], {}, "DISCORD_TOKEN"),
    (["run"], {"DISCORD_TOKEN": ""}, "empty"),
    (["run"], {"DISCORD_TOKEN": "two words"}, "spaces"),
    (["run"], {"DISCORD_TOKEN_FILE": "missing.txt"}, "missing.txt"),
    (["run"], {"WARMSTART_PORT": "high"}, "WARMSTART_PORT"),
    (["run", "--port", "99999"], {}, "port"),
    (["nonsense"], {}, "nonsense"),
    (["ask", "--database", ".", "hello"], {}, "."),
]


@pytest.mark.parametrize(("arguments", "env", "expected"), CASES)
def test_wrong_use_is_one_sentence_and_no_traceback(
    tmp_path: Path, arguments: list[str], env: dict[str, str], expected: str
) -> None:
    done = warmstart(*arguments, cwd=tmp_path, env=env)
    assert done.returncode in {1, 2}
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["plain.txt", "folder"])
def test_what_is_no_database_gets_no_key(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain.txt").write_text("plain")
    done = warmstart("ask", "--database", name, "hello", cwd=tmp_path)
    assert done.returncode == 1
    assert name in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "plain.txt"]


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WARMSTART_KNOWLEDGE=from-file\n")
    done = warmstart("ask", "hello", cwd=tmp_path)
    assert "from-file" in done.stderr
    done = warmstart("ask", "hello", cwd=tmp_path, env={"WARMSTART_KNOWLEDGE": "from-process"})
    assert "from-process" in done.stderr


@pytest.mark.parametrize("command", [[], ["run"], ["ask"], ["chat"]])
def test_every_help_has_examples(tmp_path: Path, command: list[str]) -> None:
    done = warmstart(*command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Examples:" in done.stdout
