"""The package against the built command line: words, progress, errors, results, and the worker of an optimisation."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import sys
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

import trex_sim as trex
from trex_sim import evaluator
from trex_sim.process import start, words

PACKAGE = str(Path(__file__).resolve().parents[1])
SMALL = {"model": "glyph-vit", "trials": 0}


class Words(unittest.TestCase):
    def test_options_are_those_of_the_command_line(self) -> None:
        said = words({"weight_bits": 6, "json": True, "fold": False, "seed": None, "rows": [32, 64]})
        self.assertEqual(said, ["--weight-bits=6", "--json", "--no-fold", "--rows=32,64"])

    def test_values_of_files_are_a_list_or_a_dict(self) -> None:
        self.assertEqual(words({"set": {"pe.adcBanks": 2}, "iso": ["node"]}), ["--set=pe.adcBanks=2", "--iso=node"])


class Commands(unittest.TestCase):
    def test_a_run_is_what_the_command_line_prints(self) -> None:
        result = trex.run("trex", "glyph-vit", reuse="count:2", set={"pe.crossbars": 4})
        printed = start(
            ["run", "trex", "--model", "glyph-vit", "--reuse", "count:2", "--set", "pe.crossbars=4", "--json"]
        )
        self.assertEqual(result, json.loads(printed))
        self.assertEqual(result["reuse"]["count"], 2)
        self.assertIn("writes.cells", result.rows()[0])

    def test_tables_have_a_row_each(self) -> None:
        comparison = trex.compare("trex", "trex-full", **SMALL)
        self.assertEqual([row["name"] for row in comparison.rows()], ["trex", "trex-full"])
        table = trex.xbar(tech="fefet-32nm", rows=[32, 64], trials=0)
        self.assertEqual([row["rows"] for row in table], [32, 64])

    def test_a_study_is_a_file_or_a_dict(self) -> None:
        study = {
            "name": "rows",
            "metrics": ["xbar"],
            "iso": {"xbar.cols": 64},
            "vary": {"tech": ["fefet-32nm"], "xbar.rows": [32, 64]},
        }
        with tempfile.TemporaryDirectory() as folder:
            rows = trex.sweep(study, "small", cwd=folder, quiet=True)
            self.assertEqual(sorted(row["point"]["xbar.rows"] for row in rows), [32, 64])
            self.assertEqual(trex.sweep("small.study.yaml", "small", cwd=folder, quiet=True), rows)

    def test_a_mistake_has_its_line_and_its_exit_code(self) -> None:
        with self.assertRaises(trex.TrexError) as caught:
            trex.run("trex", "diet-s")
        self.assertEqual(caught.exception.exit_code, 4)
        self.assertIn("did you mean deit-s", caught.exception.message)
        with self.assertRaises(trex.TrexError) as caught:
            trex.run("trex", "deit-s", sead=1)
        self.assertEqual((caught.exception.exit_code, "--seed" in str(caught.exception)), (2, True))

    def test_progress_is_streamed_and_no_part_of_a_message(self) -> None:
        heard: list[trex.Progress] = []
        script = (
            "import sys; e = sys.stderr.write\n"
            "e('run: 512 of 2048 jobs (25 %), 100 jobs/s, ETA 3 s\\n'); e('warning: w\\n'); e('broken\\n'); sys.exit(3)"
        )
        with self.assertRaises(trex.TrexError) as caught:
            start([], program=[sys.executable, "-c", script], on_progress=heard.append)
        self.assertEqual(heard, [trex.Progress("run", 512, 2048, "jobs")])
        self.assertEqual((caught.exception.message, caught.exception.exit_code), ("broken", 3))

    def test_what_the_listener_raises_ends_the_command_and_is_raised(self) -> None:
        def stop(_: trex.Progress) -> None:
            raise LookupError("enough")

        # More than a pipe holds: who stops reading would wait for ever.
        script = (
            "import sys; e = sys.stderr.write\n"
            "e('run: 1 of 2 jobs (50 %)\\n'); e('noise ' * 50000 + '\\n'); sys.stderr.buffer.write(b'\\xff\\n')"
        )
        with self.assertRaisesRegex(LookupError, "enough"):
            start([], program=[sys.executable, "-c", script], on_progress=stop)
        with self.assertRaisesRegex(trex.TrexError, "/nowhere: no such folder"):
            start([], cwd="/nowhere")

    def test_the_program_is_found_or_missed_by_name(self) -> None:
        self.assertEqual(trex.find(["node", "x.js"]), ["node", "x.js"])
        self.assertTrue(trex.find()[-1].endswith("trex.js"))
        with mock.patch.dict(os.environ, {"TREX_BIN": "/nowhere/trex"}):
            with self.assertRaises(trex.TrexError) as caught:
                trex.find()
        self.assertEqual(caught.exception.message, "/nowhere/trex: no such program, as TREX_BIN names it")


class Results(unittest.TestCase):
    def test_files_of_the_command_line_are_read(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "first"
            start(["run", "trex", "--model", "glyph-vit", "--out", str(out), "--quiet"])
            self.assertEqual(trex.load(out), trex.load(out / "result.json"))
            layers = trex.load(out / "layers.csv")
            self.assertIsInstance(layers[0]["energy_J"], float)
            # U+2028 ends no line of JSON; a last line without an end is still being written.
            (out / "rows.ndjson").write_text('{"a": "x\u2028y"}\n{"a": ', encoding="utf-8")
            self.assertEqual(trex.load(out / "rows.ndjson"), [{"a": "x\u2028y"}])
            (out / "rows.ndjson").write_text('{"a": {"b": 1}}\n{"a": \n', encoding="utf-8")
            with self.assertRaises(trex.TrexError) as caught:
                trex.load(out / "rows.ndjson")
            self.assertRegex(caught.exception.message, r"rows\.ndjson:2: not a JSON object")
            with self.assertRaises(trex.TrexError) as caught:
                trex.load(out / "result.jsn")
            self.assertEqual(caught.exception.exit_code, 3)

    def test_a_frame_is_made_of_the_rows(self) -> None:
        made = types.SimpleNamespace(DataFrame=lambda rows: ("frame", rows))
        with mock.patch.dict(sys.modules, {"pandas": made}):
            self.assertEqual(trex.Table([{"a": {"b": 1}, "c": [2]}]).frame(), ("frame", [{"a.b": 1}]))
        with mock.patch.dict(sys.modules, {"pandas": None}):
            with self.assertRaisesRegex(trex.TrexError, "pip install pandas"):
                trex.Result({"a": 1}).frame()

    def test_a_frame_of_pandas_has_its_columns(self) -> None:
        if importlib.util.find_spec("pandas") is None:
            print("frames with pandas NOT CHECKED: pandas is not installed", file=sys.stderr)
            return
        frame = trex.xbar(tech="fefet-32nm", rows=[32, 64], trials=0).frame()
        self.assertEqual(list(frame["rows"]), [32, 64])


REQUEST = {
    "version": 1, "id": "partial a", "stage": "partial", "variation": False, "seed": 1, "network": "/n.yaml",
    "reuse": [3], "pattern": "a", "budget": {"fraction": 0.2, "epochs": 1}, "weights": None, "folder": "/f",
}  # fmt: skip


class Evaluator(unittest.TestCase):
    def answers(self, evaluate: object, *requests: dict[str, object]) -> list[dict[str, object]]:
        lines = io.StringIO("".join(json.dumps(one) + "\n" for one in requests))
        out = io.StringIO()
        evaluator.serve(evaluate, stdin=lines, stdout=out)  # type: ignore[arg-type]
        return [json.loads(line) for line in out.getvalue().splitlines()]

    def test_each_request_has_one_answer_whatever_happens(self) -> None:
        def evaluate(job: evaluator.Job) -> evaluator.Answer:
            if job.reuse == (7,):
                raise MemoryError("too large")
            return float("nan") if job.seed == 2 else {"loss": 0.5, "accuracy": job.fraction}

        other = {**REQUEST, "version": 2}
        found = self.answers(evaluate, REQUEST, {**REQUEST, "reuse": [7]}, {**REQUEST, "seed": 2}, other)
        self.assertEqual(found[0], {"id": "partial a", "loss": 0.5, "accuracy": 0.2})
        self.assertEqual(found[1], {"id": "partial a", "error": "MemoryError: too large"})
        self.assertEqual(found[2]["error"], "the loss is nan: expected a finite number of at least 0")
        self.assertIn("version 2", str(found[3]["error"]))

    def test_numbers_of_numpy_and_torch_are_numbers_and_what_is_none_costs_one_candidate(self) -> None:
        scalar = types.SimpleNamespace(item=lambda: 0.5)
        given = iter([{"loss": scalar, "accuracy": scalar, "weights": Path("w")}, {"loss": 1, "accuracy": float("nan")}])
        found = self.answers(lambda job: next(given), REQUEST, REQUEST)
        self.assertEqual(found[0], {"id": "partial a", "loss": 0.5, "accuracy": 0.5, "weights": "w"})
        self.assertEqual(found[1]["error"], "the accuracy is nan: expected a number from -1 to 1")

    def test_an_optimisation_asks_it(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "worker.py"
            script.write_text(
                "from trex_sim import evaluator\n"
                "def loss(job):\n"
                "    print('training', job.pattern)\n"
                "    return {'loss': 1.0 / (1 + len(job.pattern))}\n"
                "evaluator.serve(loss)\n",
                encoding="utf-8",
            )
            with mock.patch.dict(os.environ, {"PYTHONPATH": PACKAGE}):
                row = trex.optimize(
                    "glyph-vit",
                    target_delay="530us",
                    evaluator=f'"{sys.executable}" "{script}"',
                    out=Path(folder) / "best",
                )
            self.assertGreater(row["reuse"]["count"], 0)


if __name__ == "__main__":
    unittest.main()
