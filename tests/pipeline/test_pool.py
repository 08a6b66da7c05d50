"""The parent's side: what becomes of files when workers die, hang or lie."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.output import OutputFile
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.pipeline import pool as pool_module
from sdc_airlock.pipeline.pool import NoWorkers, Pool

SCRIPT = Path(__file__).with_name("scripted_worker.py")


def a_file(name: str) -> OutputFile:
    return OutputFile(path=f"folder/{name}", claimed_name=name, file_id="a" * 64, size_bytes=1, staged_path="/nowhere")


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Callable[..., Pool]]:
    """Makes pools of scripted workers and ends them."""
    made: list[Pool] = []

    def make(size: int = 2, *arguments: str, seconds: float = 60.0) -> Pool:
        command = (sys.executable, "-I", str(SCRIPT), *arguments)
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Pool(folder=folder, size=size, cores=2, command=command))
        made[-1].set_up(Limits(file_seconds=seconds), {})
        return made[-1]

    yield make
    for each in made:
        each.__exit__(None, None, None)


def judged(pool: Pool, *names: str) -> dict[str, Assessment]:
    """Assessments by name; asserts that each file came out once."""
    found = list(pool.assess(a_file(name) for name in names))
    assert sorted(file.claimed_name for file, _ in found) == sorted(names)
    return {file.claimed_name: assessment for file, assessment in found}


def test_every_file_comes_out_once(pool) -> None:
    """Many files over two workers come out once each, without a failure."""
    names = [f"file {number}" for number in range(200)]
    assert not any(each.failure for each in judged(pool(), *names).values())


def test_no_file_gives_nothing(pool) -> None:
    """Nothing to judge is nothing judged."""
    assert list(pool().assess([])) == []


def test_one_file_starts_one_worker(pool) -> None:
    """One file starts one worker, however many may be started."""
    small = pool(size=8)
    judged(small, "alone")
    assert len(small._children) == 1


@pytest.mark.parametrize(("name", "words"), [("dies", "signal 11, SIGSEGV"), ("leaves", "exit status 3")])
def test_a_death_costs_one_file(pool, name: str, words: str) -> None:
    """A worker that dies loses the file in its hands; those waiting behind it are judged by another."""
    found = judged(pool(size=1), "first", name, "behind 1", "behind 2", "last")
    assert found.pop(name).failure == f"the reading process died ({words})"
    assert not any(each.failure for each in found.values())


def test_processor_time_used_up_names_its_limit(pool) -> None:
    """A worker that the system ends for its processor time says which limit that was."""
    assert judged(pool(size=1, seconds=7), "burns")["burns"].failure == (
        "timed out (processor time: limit 14 seconds, file_seconds for each core)"
    )


def test_a_file_that_hangs_is_ended(pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker past its time is killed, and its file says so."""
    monkeypatch.setattr(pool_module, "_GRACE_SECONDS", 0.1)
    found = judged(pool(size=1, seconds=0.2), "hangs", "behind")
    assert found["hangs"].failure == "timed out (file_seconds: limit 0.2 seconds)"
    assert not found["behind"].failure


@pytest.mark.parametrize("name", ["babbles", "answers for another"])
def test_a_worker_that_lies_is_ended(pool, name: str) -> None:
    """A message that is none, or answers another job, ends the worker and fails the file in its hands."""
    found = judged(pool(size=1), name, "behind")
    assert found[name].failure == "the reading process gave an answer that could not be understood"
    assert not found["behind"].failure


def test_a_second_answer_ends_the_worker(pool) -> None:
    """An answer too many is taken for what it is, and no file is lost or doubled by it."""
    found = judged(pool(size=1), "answers twice", "behind")
    assert not found["answers twice"].failure


def test_an_answer_with_an_unknown_field_is_no_answer(pool) -> None:
    """What a worker says follows the model to the letter or is a failure."""
    assert "could not be understood" in judged(pool(), "adds a field")["adds a field"].failure


def test_a_worker_cannot_change_which_file_it_judged(pool) -> None:
    """Path and digest come from intake, whatever the worker says."""
    found = judged(pool(), "claims another file")["claims another file"]
    assert (found.file_id, found.path) == ("a" * 64, "folder/claims another file")


def test_texts_of_a_worker_are_made_safe(pool) -> None:
    """Control characters and direction marks in what a worker says never reach a report."""
    assert judged(pool(), "steers the terminal")["steers the terminal"].failure.isprintable()


def test_a_worker_that_has_grown_is_replaced(pool) -> None:
    """A worker that uses too much memory serves no further file."""
    growing = pool(size=1)
    judged(growing, "grows")
    assert growing._children == []


@pytest.mark.parametrize("limit", ["MOST_FILES", "MOST_RESIDENT_BYTES"])
def test_a_busy_worker_is_recycled(pool, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """A worker that has served enough, or grown, is replaced in the middle of a batch, and no file is lost by it."""
    monkeypatch.setattr(pool_module, limit, 3 if limit == "MOST_FILES" else 0)
    found = judged(pool(size=1), *(f"file {number}" for number in range(20)))
    assert not any(each.failure for each in found.values())
    served_by = [each.expanded_bytes for each in found.values()]
    assert len(set(served_by)) > 2
    assert max(served_by.count(worker) for worker in set(served_by)) <= 6


def test_only_what_every_worker_has_shown_counts(pool) -> None:
    """The sandbox of a pool is what all of its workers have proved, and unknown before the first is ready."""
    weaker = pool(1, "no seccomp")
    assert weaker.sandbox is None
    judged(weaker, "any")
    assert weaker.sandbox.protections == (Protection.RESOURCE_LIMITS,)
    assert Protection.SECCOMP in weaker.sandbox.missing


def test_a_worker_that_claims_unknown_protections_is_ended(pool) -> None:
    """A claim that is no protection is an answer that cannot be understood."""
    with pytest.raises(NoWorkers):
        judged(pool(1, "boasts"), "any")


def test_the_scratch_folder_of_a_worker_goes_with_it(pool) -> None:
    """Each worker writes in a folder of its own, and what it left there is gone when it is."""
    leaving = pool(size=1)
    judged(leaving, "litters", "dies", "another")
    (left,) = leaving._scratch.iterdir()
    assert not list(left.iterdir())


def test_workers_that_cannot_start_are_told(pool) -> None:
    """Where no worker ever starts, nothing can be judged, and that is an error and not an endless loop."""
    with pytest.raises(NoWorkers):
        list(pool(2, "never starts").assess([a_file("any")]))


@pytest.mark.usefixtures("ends")
def test_a_job_that_nobody_took_is_not_waited_for(pool) -> None:
    """Where workers start only after files were given up, what is asked next is answered; it once waited for those files for ever."""
    known, late = judged(pool(size=1), "any")["any"], pool(1, "never starts")
    with pytest.raises(NoWorkers):
        list(late.assess([a_file("any")]))
    late._command = tuple(word for word in late._command if word != "never starts")
    (run,) = late.check_request([known], "statement")
    assert run.check_id == "x"


@pytest.mark.usefixtures("ends")
def test_whoever_stops_listening_leaves_nothing_behind(pool) -> None:
    """Files that were handed out when nobody wants their answers any more are not waited for, nor are their answers taken for others."""
    shared = pool(size=2)
    answers = shared.assess(a_file(name) for name in ("first", "hangs", "behind"))
    next(answers)
    answers.close()
    assert not any(each.failure for each in judged(shared, "after 1", "after 2").values())


def test_a_request_is_judged_by_the_same_workers(pool) -> None:
    """Checks of a request as a whole run in a worker."""
    shared = pool(size=1)
    assessment = judged(shared, "any")["any"]
    (run,) = shared.check_request([replace(assessment)], "statement")
    assert run.check_version != os.getpid()


def test_workers_end_with_the_pool(pool) -> None:
    """No worker outlives its pool."""
    with pool() as ending:
        judged(ending, "a", "b", "c")
        processes = [child._process for child in ending._children]
    assert all(process.poll() is not None for process in processes)


def test_many_outputs_are_read_together_beside_the_request(pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are many outputs two workers share what is asked of them all, and both have their say."""
    monkeypatch.setattr(pool_module, "_MANY_OUTPUTS", 2)
    shared = pool(size=2)
    assessments = list(judged(shared, "one", "another").values())
    assert len({run.check_version for run in shared.check_request(assessments, "statement")}) == 2
