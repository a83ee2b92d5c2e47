"""One run over a class: read, grade what is new, keep every record, write what people read."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from hashlib import sha256
from itertools import chain
from pathlib import Path

from autograder import intake, sandbox
from autograder.course import Course, Lab
from autograder.grade import outputs
from autograder.grade.job import Job, grade_job, prepare_answers
from autograder.grade.records import Record, RecordStore, refused_record
from autograder.grade.rounds import FIRST, RoundError, RoundFolder, all_rounds, open_round
from autograder.grade.workforce import Outcome, default_width, in_processes, on_executor
from autograder.report.view import problem_of

_GRADED_BY = (
    "labs/course.toml",
    "dltk/**/*.py",
    *(
        f"autograder/{folder}/**/*.py"
        for folder in ("answers", "checks", "misconceptions", "oracle", "sandbox", "worker")
    ),
    *(
        f"autograder/{module}.py"
        for module in (
            "compare", "course", "diagnosis", "imports", "messages", "running", "session",
            "solutions", "sources", "tree", "variants", "verdict", "wire",
        )
    ),
)  # fmt: skip


class GradeError(ValueError):
    """A class cannot be graded so; the message is one sentence."""


class Listener:
    """Who is told how far a run is; this one does not care."""

    def begins(self, stage: str, total: int | None) -> None:
        """A stage begins, of so many steps where that is known."""

    def steps(self, done: int, total: int) -> None:
        """The stage has done so many steps."""

    def graded(self, record: Record) -> None:
        """One more submission has its record."""


def grade_class(
    course: Course,
    lab_id: str,
    submissions: Path | Sequence[intake.Submission],
    out: Path,
    *,
    jobs: int | None = None,
    level: str | None = None,
    executor: Executor | None = None,
    round: str = FIRST,
    close: bool = False,
    listener: Listener | None = None,
) -> list[Record]:
    """Grade every submission of a folder or a list; a record each, by the students' names.

    Records are kept as they are made: a run that was stopped goes on where it was, and a
    submission that did not change since is not graded again. `executor` takes the work instead of a
    pool of `jobs` processes. With `close` the round is closed, unless the grader itself failed on a
    submission, which then has to be graded again. Raises `GradeError`, `CourseError` or
    `IntakeError`, a sentence each.
    """
    lab = course.lab(lab_id)
    level = _level(level)
    listener = listener or Listener()
    try:
        work = intake.submissions(submissions) if isinstance(submissions, Path) else submissions
        folder = open_round(out, lab_id, round)
        earlier = [other for other in all_rounds(out) if other.name != folder.name]
    except RoundError as problem:
        raise GradeError(str(problem)) from None
    run = _Run(course, lab, level, folder, earlier, listener)
    listener.begins("reading submissions", len(work))
    waiting = run.jobs(work)
    first = next(waiting, None)
    if first is not None:
        listener.begins("computing torch's answers", None)
        run.prepare_answers()
        listener.begins("grading", len(work))
        width = min(jobs or default_width(), len(work))
        todo = chain([first], waiting)
        run.take(
            in_processes(grade_job, todo, width)
            if executor is None
            else on_executor(executor, grade_job, todo, width)
        )
    if close and not any(record.get("grader_failed") for record in run.records.values()):
        folder = folder.close()
    outputs.write(out, lab, [folder, *earlier])
    return [run.records[student] for student in sorted(run.records)]


class _Run:
    """The state of one run: which records there are, and under which key each is kept."""

    def __init__(
        self,
        course: Course,
        lab: Lab,
        level: str,
        folder: RoundFolder,
        earlier: Sequence[RoundFolder],
        listener: Listener,
    ) -> None:
        self.course, self.lab, self.level, self.folder = course, lab, level, folder
        self.listener = listener
        self.records: dict[str, Record] = {}
        self._store = RecordStore(folder.path / "records")
        self._earlier = [RecordStore(other.path / "records") for other in earlier]
        self._graded_by = _fingerprint(course)
        self._keys: dict[str, str] = {}
        self._left_out: dict[str, tuple[str, ...]] = {}

    def jobs(self, work: Sequence[intake.Submission]) -> Iterator[Job]:
        """What has to be graded; everything else has its record already, or gets it here."""
        seen: dict[str, int] = {}
        for student, _ in work:
            seen[student] = seen.get(student, 0) + 1
        for student, path in work:
            if student in self._keys:
                continue
            read = intake.read(path, self.lab, student)
            if seen[student] > 1:
                sentence = f"{student!a} handed in more than one submission; keep one of them."
                read = intake.Intake(student, {}, sentence)
            key = self._keys[student] = self._key(read)
            kept = self._kept(student, key)
            if kept is not None:
                self.records[student] = kept
                self.listener.graded(kept)
                continue
            if self.folder.closed:
                raise GradeError(
                    f"The round {self.folder.name!r} is closed, and the submission of {student!a} "
                    "(or the grader) is new or changed; grade it in a new round."
                )
            if read.error is not None:
                self._keep(refused_record(self.lab, student, read.error, self.level), key)
            else:
                self._left_out[student] = read.left_out
                yield self._job(read)

    def prepare_answers(self) -> None:
        """Compute torch's answers once, where every process finds them."""

        def progress(done: int, steps: int) -> None:
            self.listener.steps(done, steps)

        prepare_answers(self.course, self.lab.id, self.folder.secret, self._answers, progress)

    def take(self, outcomes: Iterator[Outcome[Job, str]]) -> None:
        """Keep every record as it comes."""
        for outcome in outcomes:
            student = outcome.job.student
            if outcome.result is None:
                sentence = f"{outcome.failure} Grade again; what is graded is kept."
                failed = refused_record(self.lab, student, sentence, self.level)
                self._keep(failed | {"grader_failed": True}, None)
                continue
            record = outputs.parsed(outcome.result)
            record["error"] = problem_of(record)
            if self._left_out.get(student):
                record["ignored"] = [*record.get("ignored", []), *self._left_out[student]]
            self._keep(record, self._keys[student])

    def _keep(self, record: Record, key: str | None) -> None:
        record["round"] = self.folder.seal.hash
        self._store.put(record, key)
        self.records[record["student"]] = record
        self.listener.graded(record)

    def _kept(self, student: str, key: str) -> Record | None:
        """The record of this work: from an earlier round only where this one has none.

        Somebody who returns to older work in this round is graded here, where the newest counts.
        """
        stores = [self._store] if self._store.holds(student) else [self._store, *self._earlier]
        found = (store.find(student, key) for store in stores)
        return next((record for record in found if record is not None), None)

    def _key(self, read: intake.Intake) -> str:
        parts = (read.digest, self._graded_by, self.lab.id, self.level)
        return sha256("\0".join(parts).encode()).hexdigest()

    @property
    def _answers(self) -> Path:
        return self.folder.path / "answers" / f"{self._graded_by[:16]}.msgpack"

    def _job(self, read: intake.Intake) -> Job:
        return Job(
            course_root=str(self.course.root),
            lab=self.lab.id,
            student=read.student,
            files=read.files,
            level=self.level,
            secret=self.folder.secret,
            answers=str(self._answers),
        )


def _level(level: str | None) -> str:
    if level is None:
        return sandbox.strongest()
    there_are = sandbox.available()
    if level not in there_are:
        raise GradeError(
            f"The sandbox {level!r} is not available here; available: {', '.join(there_are)}."
        )
    return level


def _fingerprint(course: Course) -> str:
    """Equal as long as the course would grade a submission in the same way."""
    value = sha256()
    for pattern in _GRADED_BY:
        for path in sorted(course.root.glob(pattern)):
            if path.is_file():
                value.update(f"{path.relative_to(course.root).as_posix()}\0".encode())
                value.update(sha256(path.read_bytes()).digest())
    return value.hexdigest()
