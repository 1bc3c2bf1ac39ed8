"""A run as JUnit XML, which CI systems show question by question."""

import xml.etree.ElementTree as ET
from pathlib import Path

from eval.report import Report
from eval.rows import Row
from eval.text import printable


def write_junit(report: Report, path: Path) -> None:
    """One suite a kind of question, one case a question; wrong answers and wrong footnotes are failures.

    Cost: milliseconds. Nothing is parsed here, only written.
    """
    main = report.main
    suites = ET.Element("testsuites", name="footnote eval")
    for kind in main.kinds[:-1]:
        _suite(suites, kind.kind, [row for row in main.rows if row.question.kind == kind.kind])
    for count in ("tests", "failures", "errors"):
        suites.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    ET.indent(suites)
    ET.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)


def _suite(parent: ET.Element, kind: str, rows: list[Row]) -> None:
    suite = ET.SubElement(parent, "testsuite", name=kind, tests=str(len(rows)))
    for row in rows:
        _case(suite, row)
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    suite.set("time", f"{sum(row.seconds for row in rows):.3f}")


def _case(suite: ET.Element, row: Row) -> None:
    name = printable(f"{row.question.id}: {row.question.question}")
    case = ET.SubElement(suite, "testcase", classname=row.question.kind, name=name, time=f"{row.seconds:.3f}")
    faults = [reason for reason in (row.verdict.reason, *row.citation_faults) if reason]
    if faults:
        tag = "error" if row.answer.status == "failed" else "failure"
        problem = ET.SubElement(case, tag, type=row.outcome, message=printable(faults[0]))
        problem.text = printable("\n".join(faults))
    ET.SubElement(case, "system-out").text = printable(row.answer.text)
