"""The Dockerfile, checked without a Docker engine; scripts/dockerfile_steps.py says what that cannot show."""

import os
import tomllib
from pathlib import Path

import pytest
from dockerfile_steps import (
    Builder,
    Copy,
    DockerfileError,
    Stage,
    check_image,
    read_command,
    read_copy,
    read_stages,
    read_steps,
)

ROOT = Path(__file__).parent.parent
STAGES = read_stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))
FINAL = STAGES[-1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def copies(stages: tuple[Stage, ...]) -> list[Copy]:
    return [read_copy(step.text) for stage in stages for step in stage.steps if step.keyword == "COPY"]


def sources_from_context() -> set[str]:
    return {source for copy in copies(STAGES) if not copy.origin for source in copy.sources}


def test_continued_lines_are_one_step_and_comments_none() -> None:
    steps = read_steps("FROM a\n# why\nRUN one && \\\n    # between\n    two\n")
    assert [(step.line, step.keyword, step.text) for step in steps] == [(1, "FROM", "a"), (3, "RUN", "one && two")]


def test_a_step_before_the_first_stage_is_refused() -> None:
    with pytest.raises(DockerfileError, match="line 1: RUN stands before the first FROM"):
        read_stages("RUN true\nFROM a\n")


def test_a_failing_step_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DockerfileError, match="exited with 3"):
        Builder(tmp_path, tmp_path / "out", reuse_packages=False).build(read_stages("FROM a\nRUN exit 3\n"))


def test_a_command_that_hangs_is_an_error(tmp_path: Path) -> None:
    builder = Builder(tmp_path, tmp_path / "out", reuse_packages=False)
    around = builder.build(read_stages("FROM a\n"))
    with pytest.raises(DockerfileError, match=r"sleep 5 was not done after 0\.1 s"):
        builder.run(["sleep", "5"], around, limit_s=0.1)


def test_a_step_outside_the_moved_folders_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DockerfileError, match="RUN names /etc"):
        Builder(tmp_path, tmp_path / "out", reuse_packages=False).build(read_stages("FROM a\nRUN touch /etc/x\n"))


def test_the_last_stage_holds_only_what_it_copies(tmp_path: Path) -> None:
    text = (
        "FROM a AS one\nWORKDIR /srv/x\nRUN echo 1 > kept && echo 2 > left\nFROM a\nCOPY --from=one /srv/x/kept /opt\n"
    )
    Builder(tmp_path, tmp_path / "out", reuse_packages=False).build(read_stages(text))
    files = [path.relative_to(tmp_path / "out" / "image") for path in (tmp_path / "out" / "image").rglob("*")]
    assert files == [Path("opt")]


def test_base_images_are_pinned_to_the_supported_python() -> None:
    assert len(STAGES) == 2
    assert all(stage.image.startswith("python:3.11-slim") for stage in STAGES)


def test_what_is_copied_exists_and_nothing_else_enters_the_build() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    admitted = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    assert sources_from_context() == admitted
    assert [name for name in admitted if not (ROOT / name).exists()] == []


def test_copies_between_stages_name_an_earlier_stage() -> None:
    assert {copy.origin for copy in copies(STAGES) if copy.origin} == {STAGES[0].name}


def test_every_package_of_the_project_is_copied() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= sources_from_context()


def test_pip_installs_the_locked_versions_and_the_steps_name_none_of_their_own() -> None:
    runs = [step.text for step in STAGES[0].steps if step.keyword == "RUN" and "pip install" in step.text]
    assert runs == ["pip install -r requirements.lock", "pip install --no-deps ."]


def test_the_container_does_not_run_as_root() -> None:
    user = FINAL.last("USER").split(":")[0]
    assert user.isdigit()
    assert int(user) > 0
    assert any(step.text.startswith(f"useradd --uid {user} ") for step in FINAL.steps)


def test_the_image_is_offline_and_states_the_project_version() -> None:
    variables = " ".join(step.text for step in FINAL.steps if step.keyword == "ENV").split()
    assert "HF_HUB_OFFLINE=1" in variables
    assert f'org.opencontainers.image.version="{PROJECT["version"]}"' in FINAL.last("LABEL")


def test_entry_point_and_health_check_are_footnote() -> None:
    assert read_command(FINAL.last("ENTRYPOINT")) == ["footnote"]
    assert read_command(FINAL.last("HEALTHCHECK")) == ["footnote", "doctor"]


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.skipif(
    not (os.environ.get("CI") or os.environ.get("FOOTNOTE_TEST_DOCKERFILE")),
    reason="about a minute and the package index; set FOOTNOTE_TEST_DOCKERFILE=1",
)
def test_every_step_works_and_the_image_is_healthy(tmp_path: Path) -> None:
    """Libraries come from the environment of this test run, so that it does not install torch again."""
    check_image(ROOT / "Dockerfile", tmp_path, reuse_packages=True)
