"""The notebook runs from beginning to end."""

from __future__ import annotations

from pathlib import Path

import pytest

PATH = Path(__file__).parent.parent / "docs" / "from-articles-to-a-chart.ipynb"


def test_the_notebook_runs_and_ends_in_a_chart(tmp_path: Path) -> None:
    for package in ("ipykernel", "matplotlib", "pandas"):
        pytest.importorskip(package, reason=f'{package} is not installed: pip install "presence-kg[test]"')
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    kernels = pytest.importorskip("jupyter_client.kernelspec")
    if "python3" not in kernels.KernelSpecManager().find_kernel_specs():
        pytest.skip("there is no kernel python3: pip install ipykernel")
    notebook = nbformat.read(PATH, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert [output for output in outputs if "image/png" in output.get("data", {})]
    assert not list(tmp_path.iterdir())


def test_the_notebook_is_kept_without_outputs() -> None:
    """What it shows depends on the machine and the day; the text does not."""
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(PATH, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
